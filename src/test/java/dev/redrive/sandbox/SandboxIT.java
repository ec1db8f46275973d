// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.cli.SandboxOptions;
import dev.redrive.config.KeyHash;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SandboxIT {
  @TempDir Path dir;

  @Test
  void theSampleFailsWithoutFurtherAdo() {
    TopicsOnly redrive = new TopicsOnly();
    try (Sandbox sandbox = Sandbox.start(new SandboxOptions(0, 0, Optional.of(dir)), redrive)) {
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(deadLetters(sandbox)).isEqualTo(11));
      assertThat(redrive.settings)
          .containsEntry("http.host", "127.0.0.1")
          .containsEntry("http.port", "0")
          .containsEntry("auth.keys[0].role", "admin")
          .containsEntry("auth.keys[0].sha256", KeyHash.of("sandbox").hex());
    }
  }

  @Test
  void otherFilesInTheDataDirectoryAreLeftAlone() throws IOException {
    Path file = Files.createDirectories(dir.resolve("kafka")).resolve("meta.properties");
    Files.writeString(file, "somebody else's");
    SandboxOptions options = new SandboxOptions(0, 0, Optional.of(dir));
    for (int start = 1; start <= 2; start++) {
      try (Sandbox sandbox = Sandbox.start(options, new TopicsOnly())) {
        assertThat(sandbox.bootstrapServers()).startsWith("127.0.0.1:");
      }
    }
    assertThat(file).hasContent("somebody else's");
    try (Stream<Path> children = Files.list(dir)) {
      assertThat(children)
          .containsExactlyInAnyOrder(dir.resolve("kafka"), dir.resolve("sandbox-kafka"));
    }
  }

  @Test
  void aTakenPortIsOneLineThatNamesTheFlagAndNothingIsStarted() throws IOException {
    InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    try (ServerSocket taken = new ServerSocket(0, 1, host)) {
      int port = taken.getLocalPort();
      assertThat(complaint(new SandboxOptions(port, 0, Optional.of(dir))))
          .hasSize(1)
          .first()
          .asString()
          .contains(port + ",", "--http-port");
      assertThat(complaint(new SandboxOptions(0, port, Optional.of(dir))))
          .hasSize(1)
          .first()
          .asString()
          .contains(port + ",", "--kafka-port");
    }
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void aTermSignalStopsItWithinTenSecondsAndRemovesItsOwnDirectory() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Djava.io.tmpdir=" + dir,
                "-cp",
                System.getProperty("java.class.path"),
                TopicsOnly.class.getName())
            .redirectError(new File(dir.toFile(), "stderr"))
            .start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.lines().anyMatch(line -> line.contains("Ctrl-C stops it."))).isTrue();
      assertThat(ownDirectories()).hasSize(1);

      process.destroy();

      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ownDirectories()).isEmpty();
      assertThat(dir.resolve("stderr")).isEmptyFile();
    } finally {
      process.destroyForcibly();
    }
  }

  private List<Path> ownDirectories() throws IOException {
    try (Stream<Path> children = Files.list(dir)) {
      return children.filter(child -> child.toString().contains("redrive-sandbox-")).toList();
    }
  }

  private static List<String> complaint(SandboxOptions options) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true, UTF_8);
    PrintStream err = new PrintStream(bytes, true, UTF_8);
    assertThat(Sandbox.run(options, new TopicsOnly(), out, err)).isEqualTo(1);
    return bytes.toString(UTF_8).lines().toList();
  }

  private static long deadLetters(Sandbox sandbox) throws Exception {
    TopicPartition errors = new TopicPartition("redrive-errors", 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", sandbox.bootstrapServers()))) {
      return admin
          .listOffsets(Map.of(errors, OffsetSpec.latest()))
          .partitionResult(errors)
          .get()
          .offset();
    }
  }
}
