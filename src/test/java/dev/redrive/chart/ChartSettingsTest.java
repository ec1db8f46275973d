// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

import static dev.redrive.chart.ValueSets.HASH;
import static dev.redrive.chart.ValueSets.ONE;
import static dev.redrive.chart.ValueSets.TLS;
import static dev.redrive.chart.ValueSets.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.JwtSettings;
import dev.redrive.config.KeySettings;
import dev.redrive.config.Role;
import dev.redrive.config.Settings;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod would start with: the settings file and the variables that the chart makes. */
class ChartSettingsTest {
  @TempDir Path dir;

  @Test
  void oneReplicaStartsWithTheSettingsThatTheChartGives() throws Exception {
    Settings settings = Chart.render(dir, ONE).settings(dir);

    assertThat(settings.kafka())
        .containsEntry("bootstrap.servers", "broker-1:9092,broker-2:9092")
        .containsEntry("security.protocol", "PLAINTEXT");
    assertThat(settings.topics().replicationFactor()).isEqualTo(3);
    assertThat(settings.http().maxBody()).hasToString("2MiB");
    assertThat(settings.stateDir()).isEqualTo(Path.of("/var/lib/redrive"));
    assertThat(settings.auth().keys()).hasSize(1);
    assertThat(settings.auth().keys().get(0).pipelines().orElseThrow())
        .containsExactly("orders", "a,b");
  }

  @Test
  void tokensAndDiagnosticsReachTheSettingsAndNeedNoKey() throws Exception {
    Rendered chart = Chart.render(dir, TOKENS);

    Settings settings = chart.settings(dir);
    assertThat(settings.auth().keys()).isEmpty();
    assertThat(settings.auth().rateLimit()).contains(1_000_000);
    JwtSettings tokens = settings.auth().jwt();
    assertThat(tokens.jwks()).contains(URI.create("https://id.example/certs"));
    assertThat(tokens.audience()).contains("redrive");
    assertThat(tokens.roles()).containsEntry("dlq-operators", Role.OPERATOR);
    assertThat(tokens.cache()).hasMinutes(5);
    assertThat(settings.diagnostics().heapDumps()).isTrue();
    assertThat(settings.callbacks().allowedHosts()).isPresent();
    assertThat(chart.all(V1Secret.class)).isEmpty();
  }

  @Test
  void aKeyHasWhatTheSettingsHaveForIt() throws Exception {
    String more = "auth: {keys: [{name: bot, sha256: %s, reveal: true, rate-limit: 1000000}]}\n";

    KeySettings key =
        Chart.render(dir, ONE, more.formatted(HASH)).settings(dir).auth().keys().get(0);

    assertThat(key.reveal()).contains(true);
    assertThat(key.rateLimit()).contains(1_000_000);
  }

  @Test
  void theExamplesOfTheReadmeStartRedrive() throws Exception {
    List<String> examples =
        Pattern.compile("(?ms)^```yaml$(.*?)^```$")
            .matcher(Files.readString(Chart.FOLDER.resolve("README.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(examples).hasSizeGreaterThan(2);
    for (String example : examples) {
      assertThat(Chart.render(dir, ONE, example).settings(dir).kafka())
          .containsKey("bootstrap.servers");
    }
  }

  @Test
  void podsRestartWhenWhatTheyReadAtTheStartChanges() throws Exception {
    String before = settingsSum(Chart.render(dir, TOKENS));

    assertThat(settingsSum(Chart.render(dir, TOKENS))).isEqualTo(before);
    assertThat(settingsSum(Chart.render(dir, TOKENS, "auth: {jwt: {audience: desk}}")))
        .isNotEqualTo(before);
    assertThat(settingsSum(Chart.render(dir, TOKENS, "settings: {callbacks: {timeout: 1s}}")))
        .isNotEqualTo(before);
  }

  @Test
  void tlsAndSaslReachTheKafkaClientsAndSecretsStayInSecrets() throws Exception {
    Rendered chart = Chart.render(dir, TLS);

    assertThat(chart.settings(dir).kafka())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("ssl.truststore.location", "/etc/redrive/kafka-tls/ca.crt")
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.keystore.location", "/etc/redrive/kafka-tls/user.p12")
        .containsEntry("ssl.keystore.password", "changeit")
        .hasEntrySatisfying("sasl.jaas.config", jaas -> assertThat(jaas).contains("s3cret"));
    assertThat(chart.container().getImage()).startsWith("registry.example/redrive@sha256:");
    chart.manifests().stream()
        .filter(manifest -> !manifest.kind().equals("v1 Secret"))
        .forEach(
            manifest ->
                assertThat(manifest.tree().toString()).doesNotContain("s3cret", "changeit", HASH));
    V1Ingress ingress = chart.only(V1Ingress.class);
    assertThat(ingress.getSpec().getTls().get(0).getSecretName()).isEqualTo("redrive-tls");
  }

  private static String settingsSum(Rendered chart) {
    return chart
        .only(V1StatefulSet.class)
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .get("checksum/settings");
  }
}
