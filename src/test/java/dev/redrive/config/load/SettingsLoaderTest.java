// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.config.KeyHash;
import dev.redrive.config.PipelineSettings;
import dev.redrive.config.RetryTopic;
import dev.redrive.config.Role;
import dev.redrive.config.Settings;
import dev.redrive.config.StartAt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {

  private static final String BROKER = "kafka: {bootstrap.servers: 'broker:9092'}\n";

  @TempDir Path directory;

  @Test
  void readsAFileWithGroupsListsAndDottedNames() throws Exception {
    Settings settings =
        load(
            """
            kafka:
              bootstrap.servers: broker:9092
              security:
                protocol: SSL
              ssl.keystore.password: ${not.expanded}
            store.wal: off
            topics:
              errors: [a.dlq, b.dlq]
              error-patterns: '.*-dlq,x{1\\,3}'
            errors.starts:
              a.dlq: latest
              some-dlq: 2026-01-31T00:00:00Z
            pipelines:
              - id: orders
                error-topics: [orders.dlq]
                retry-topic: origin
              - id: billing
            auth:
              keys:
                - {name: ci, role: operator, sha256: "%s", pipelines: [orders]}
            """
                .formatted(KeyHash.of("secret").hex()));

    assertThat(settings.kafka())
        .containsOnly(
            Map.entry("bootstrap.servers", "broker:9092"),
            Map.entry("security.protocol", "SSL"),
            Map.entry("ssl.keystore.password", "${not.expanded}"));
    assertThat(settings.topics().errors()).containsExactly("a.dlq", "b.dlq");
    assertThat(settings.topics().errorPatterns().orElseThrow())
        .extracting(Object::toString)
        .containsExactly(".*-dlq", "x{1,3}");
    assertThat(settings.errors().starts())
        .containsEntry("a.dlq", new StartAt.Latest())
        .containsEntry("some-dlq", StartAt.parse("2026-01-31T00:00:00Z"));
    assertThat(settings.pipelines())
        .extracting(PipelineSettings::id)
        .containsExactly("orders", "billing");
    assertThat(settings.pipelines().get(0).retryTopic()).contains(new RetryTopic.Origin());
    assertThat(settings.auth().keys().get(0).sha256().matches("secret")).isTrue();
    assertThat(settings.auth().keys().get(0).role()).isEqualTo(Role.OPERATOR);
  }

  @Test
  void whatIsSecretMayLieInAFile() throws Exception {
    Path secret = directory.resolve("peers");
    Files.writeString(secret, "known to all instances\n");
    Path empty = Files.createFile(directory.resolve("empty"));
    Optional<Path> file = Optional.of(file(BROKER));

    Settings settings =
        SettingsLoader.load(
            file, Map.of("REDRIVE_PEERS_SECRET_FILE", secret.toString()), List.of());

    assertThat(settings.peers().secret()).contains("known to all instances");
    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    file,
                    Map.of(
                        "REDRIVE_PEERS_SECRET_FILE",
                        empty.toString(),
                        "REDRIVE_REGISTRY_PASSWORD_FILE",
                        "/nowhere",
                        "REDRIVE_HTTP_PORT_FILE",
                        secret.toString()),
                    List.of()))
        .isInstanceOf(BadSettingsException.class)
        .hasMessageContaining("REDRIVE_PEERS_SECRET_FILE: " + empty + " is empty")
        .hasMessageContaining("REDRIVE_REGISTRY_PASSWORD_FILE: /nowhere cannot be read")
        .hasMessageContaining("REDRIVE_HTTP_PORT_FILE: unknown");
  }

  @Test
  void theEnvironmentGoesOverTheFileAndSetOverBoth() throws Exception {
    Path file = file(BROKER + "http: {port: 1, host: localhost}\ntopics.errors: [a, b, c]\n");
    Map<String, String> environment =
        Map.of(
            "REDRIVE_HTTP_PORT", "2",
            "REDRIVE_TOPICS_ERRORS", "d, e",
            "REDRIVE_KAFKA_SECURITY_PROTOCOL", "SSL",
            "REDRIVE_PIPELINES_0_ID", "orders",
            "REDRIVE_PIPELINES_0__NAME", "Orders",
            "PATH", "/bin");

    Settings settings = SettingsLoader.load(Optional.of(file), environment, List.of("http.port=3"));

    assertThat(settings.http().port()).isEqualTo(3);
    assertThat(settings.http().host()).isEqualTo("localhost");
    assertThat(settings.topics().errors()).containsExactly("d", "e");
    assertThat(settings.kafka()).containsEntry("security.protocol", "SSL");
    assertThat(settings.pipelines().get(0).name()).contains("Orders");
  }

  @Test
  void anEmptyVariableLeavesTheDefault() throws Exception {
    Path file = file(BROKER + "http.port: 9\n");

    Settings settings =
        SettingsLoader.load(Optional.of(file), Map.of("REDRIVE_HTTP_PORT", ""), List.of());

    assertThat(settings.http().port()).isEqualTo(8080);
  }

  @Test
  void whatKubernetesSetsForAServiceIsNoSetting() throws Exception {
    Map<String, String> environment =
        Map.of(
            "REDRIVE_PORT", "tcp://10.0.0.1:8080",
            "REDRIVE_HTTP_PORT", "tcp://10.0.0.1:8080",
            "REDRIVE_SERVICE_HOST", "10.0.0.1",
            "REDRIVE_SERVICE_PORT_HTTP", "8080",
            "REDRIVE_PORT_8080_TCP_ADDR", "10.0.0.1");

    Settings settings = SettingsLoader.load(Optional.of(file(BROKER)), environment, List.of());

    assertThat(settings.http().port()).isEqualTo(8080);
  }

  @Test
  void allProblemsComeTogetherWithHintsAndLines() throws Exception {
    Path file =
        file(
            """
            http:
              prot: 8080
              port: 99999
              wait: soon
            redrive.http.open: yes
            store:
              wal: maybe
            """);

    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    Optional.of(file),
                    Map.of("REDRIVE_HTP_HOST", "x", "REDRIVE_STREAM_THREADS", "many"),
                    List.of("limits.payload=1MB", "nonsense")))
        .isInstanceOf(BadSettingsException.class)
        .hasMessage(
            """
            10 problems in the settings:
              %1$s line 2: http.prot: unknown; did you mean http.port?
              %1$s line 3: http.port: "99999" is too large; the most is 65535
              %1$s line 4: http.wait: "soon" is not a duration; write for example 200ms, 15m or 30d
              %1$s line 5: redrive.http.open: unknown; write http.open
              %1$s line 7: store.wal: "maybe" is not one of fsync, off, on
              REDRIVE_HTP_HOST: unknown; did you mean REDRIVE_HTTP_HOST?
              REDRIVE_STREAM_THREADS: "many" is not a whole number
              --set: has no key; write --set http.port=8081
              --set limits.payload: "1MB" is not a size; write for example 512KiB or 64MiB
              kafka.bootstrap.servers: is missing; write for example broker-1:9092\
            """
                .formatted(file));
  }

  @Test
  void aFileThatIsNoYamlOrNotThereSaysSo() throws Exception {
    assertProblem("http: {port: 1\n", "line 2", "is not YAML");
    assertProblem(BROKER + "http.port: 1\nhttp: {port: 2}\n", "line 3: http.port: is already set");
    assertProblem("a: &x {b: *x}\n", "nested too deeply");
    assertProblem("just a text", "is not a settings file");
    assertThatThrownBy(
            () ->
                SettingsLoader.load(
                    Optional.of(directory.resolve("gone.yaml")), Map.of(), List.of()))
        .hasMessageContaining("gone.yaml: cannot be read: no such file");
  }

  @Test
  void aListedGroupNeedsWhatIdentifiesIt() throws Exception {
    assertProblem(
        BROKER + "auth.keys: [{name: ci}]\npipelines: [{name: Orders}]\n",
        "auth.keys[0].sha256: is missing",
        "pipelines[0].id: is missing");
  }

  @Test
  void secretsAreNotRepeatedInProblems() throws Exception {
    assertThatThrownBy(() -> load(BROKER + "auth.keys: [{name: ci, sha256: hunter2}]\n"))
        .hasMessageContaining("auth.keys[0].sha256: the value is not the SHA-256 of a key")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void errorTopicsAreNeverRedrivesOwn() throws Exception {
    assertProblem(
        BROKER + "topics: {errors: [redrive-retry], error-patterns: ['redrive-.*']}\n",
        "redrive-retry is an error topic and also set by topics.retry",
        "redrive-.* matches redrive-ledger, which is Redrive's own (topics.ledger)",
        "redrive-.* matches redrive-letters-changelog");
    assertProblem(
        BROKER + "pipelines: [{id: a, error-topics: [x], retry-topic: x}]\n",
        "x is an error topic and also set by pipelines[0].retry-topic");
  }

  @Test
  void eachTopicPipelineAndKeyHasOneUse() throws Exception {
    assertProblem(
        BROKER
            + """
            topics: {commands: same, outcomes: same}
            errors.starts.nowhere: latest
            pipelines:
              - {id: a, error-topics: [x], retry-topic: shared}
              - {id: a, error-topics: [x], retry-topic: shared}
            auth.keys:
              - {name: ci, sha256: "%1$s"}
              - {name: ci, sha256: "%1$s"}
            """
                .formatted(KeyHash.of("k").hex()),
        "topics.outcomes: same is already the topic of topics.commands",
        "pipelines[1].id: id a is already used by pipelines[0].id",
        "pipelines[1].error-topics: error topic x is already used by pipelines[0].error-topics",
        "errors.starts.nowhere: is not the name of an error topic",
        "auth.keys[1].name: name ci is already used by auth.keys[0].name",
        "auth.keys[1].sha256: the key is already used by auth.keys[0].sha256");
  }

  @Test
  void withoutAKeyItListensOnLoopbackOnly() throws Exception {
    assertProblem(BROKER + "http.host: 0.0.0.0\n", "auth.keys: there is none, and http.host is");
    String key = "auth.keys: [{name: ci, sha256: %s}]\n".formatted(KeyHash.of("k").hex());
    assertThat(load(BROKER + "http.host: 0.0.0.0\n" + key).http().host()).isEqualTo("0.0.0.0");
  }

  @Test
  void whatTheGuaranteesRestOnIsNotPassedThrough() throws Exception {
    assertProblem(
        BROKER + "kafka.producer.acks: 1\nkafka.commit.interval.ms: 10\n",
        "kafka.producer.acks: is fixed by Redrive",
        "kafka.commit.interval.ms: is set by commit-interval");
  }

  @Test
  void theDumpShowsWhatIsInForceAndMasksSecrets() throws Exception {
    Settings settings =
        load(
            BROKER
                + """
                kafka.sasl.jaas.config: hunter2
                kafka.ssl.key.password: hunter2
                errors.starts.redrive-errors: latest
                auth.keys: [{name: ci, sha256: "%s"}]
                """
                    .formatted(KeyHash.of("hunter2").hex()));

    assertThat(SettingsDump.of(settings))
        .containsEntry("kafka.bootstrap.servers", "broker:9092")
        .containsEntry("kafka.sasl.jaas.config", "***")
        .containsEntry("kafka.ssl.key.password", "***")
        .containsEntry("auth.keys[0].sha256", "***")
        .containsEntry("auth.keys[0].role", "viewer")
        .containsEntry("errors.starts.redrive-errors", "latest")
        .containsEntry("limits.payload", "1MiB")
        .doesNotContainValue("hunter2");
  }

  private Settings load(String yaml) throws IOException, BadSettingsException {
    return SettingsLoader.load(Optional.of(file(yaml)), Map.of(), List.of());
  }

  private Path file(String yaml) throws IOException {
    return Files.writeString(directory.resolve("redrive.yaml"), yaml);
  }

  private void assertProblem(String yaml, String... parts) throws IOException {
    Path file = file(yaml);
    assertThatThrownBy(() -> SettingsLoader.load(Optional.of(file), Map.of(), List.of()))
        .isInstanceOf(BadSettingsException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(Arrays.asList(parts)));
  }
}
