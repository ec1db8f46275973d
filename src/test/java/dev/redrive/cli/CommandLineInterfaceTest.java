// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.KeyHash;
import dev.redrive.config.Settings;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandLineInterfaceTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Object> started = new ArrayList<>();

  @Test
  void serveStartsWithTheSettingsOfAllPlaces() {
    int exitCode =
        run("", "serve", "--set", "http.port=1", "--set", "kafka.bootstrap.servers=broker:9092");

    assertThat(exitCode).isEqualTo(7);
    assertThat(((Settings) started.get(0)).http().port()).isEqualTo(1);
    assertThat(((Settings) started.get(0)).applicationId()).isEqualTo("from-environment");
  }

  @Test
  void wrongSettingsStartNothing() {
    assertThat(run("", "serve", "--set", "http.prot=1")).isEqualTo(2);

    assertThat(started).isEmpty();
    assertThat(err.toString()).contains("2 problems", "did you mean http.port?");
  }

  @Test
  void settingsCanBeShownWithoutStarting() {
    assertThat(run("", "serve", "--show-settings", "--set", "kafka.bootstrap.servers=b:1"))
        .isZero();

    assertThat(started).isEmpty();
    assertThat(out.toString()).contains("http.port: 8080\n");
  }

  @Test
  void theSandboxHasDefaultsAndTakesOptions() {
    run("", "sandbox");
    run("", "sandbox", "--http-port", "0", "--kafka-port=0", "--data-dir", "data");

    assertThat(started)
        .containsExactly(
            new SandboxOptions(8080, 9092, Optional.empty()),
            new SandboxOptions(0, 0, Optional.of(Path.of("data"))));
  }

  @Test
  void theSampleNeedsABroker() {
    assertThat(run("", "sample")).isEqualTo(2);
    assertThat(run("", "sample", "--bootstrap", "b:1")).isEqualTo(7);

    assertThat(started).containsExactly(new SampleOptions("b:1"));
  }

  @Test
  void hashesAKeyFromArgumentOrInput() {
    assertThat(run("", "hash-key", "secret")).isZero();
    assertThat(run("secret\n", "hash-key")).isZero();
    assertThat(run("", "hash-key")).isEqualTo(2);

    assertThat(out.toString().lines()).containsOnly(KeyHash.of("secret").hex()).hasSize(2);
  }

  @Test
  void wrongUseIsTwoAndHelpIsZero() {
    assertThat(run("", "sreve")).isEqualTo(2);
    assertThat(run("", "sandbox", "--http-port", "70000")).isEqualTo(2);
    assertThat(run("", "sandbox", "--http-port", "x")).isEqualTo(2);
    assertThat(run("", "--help")).isZero();
    assertThat(run("")).isZero();

    assertThat(started).isEmpty();
    assertThat(out.toString())
        .contains("serve", "sandbox", "sample", "hash-key", "explain", "repartition");
  }

  @Test
  void explainTakesARecordAndMaybeSettings() {
    assertThat(run("{}", "explain")).isEqualTo(7);
    assertThat(run("{}", "explain", "--config", "nowhere.yaml")).isEqualTo(2);

    assertThat(started).hasSize(1);
    assertThat(((ExplainOptions) started.get(0)).settings()).isEmpty();
  }

  @Test
  void repartitionHasTheSettingsUntilNowAndThoseFromNowOn() {
    assertThat(run("", "repartition", "--set", "kafka.bootstrap.servers=b:1")).isEqualTo(2);
    assertThat(
            run(
                "",
                "repartition",
                "--set=kafka.bootstrap.servers=b:1",
                "--set=topics.partitions=4",
                "--to=topics.partitions=16",
                "--to=application-id=larger"))
        .isEqualTo(7);

    RepartitionOptions options = (RepartitionOptions) started.get(0);
    assertThat(options.from().applicationId()).isEqualTo("from-environment");
    assertThat(options.from().topics().partitions()).isEqualTo(4);
    assertThat(options.to().applicationId()).isEqualTo("larger");
    assertThat(options.to().topics().partitions()).isEqualTo(16);
  }

  private int run(String input, String... arguments) {
    Programs programs =
        new Programs(this::start, this::start, this::start, this::start, this::start);
    return CommandLineInterface.run(
        programs,
        Map.of("REDRIVE_APPLICATION_ID", "from-environment"),
        new StringReader(input),
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        arguments);
  }

  private int start(Object what) {
    started.add(what);
    return 7;
  }
}
