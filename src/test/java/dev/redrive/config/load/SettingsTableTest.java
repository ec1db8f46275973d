// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingEntry.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTableTest {

  @TempDir Path directory;

  /** A value for every setting, other than its default: one that nobody reads would show here. */
  private static final Map<String, String> EACH =
      Map.ofEntries(
          Map.entry("application-id", "redrive-2"),
          Map.entry("state-dir", "/var/lib/redrive"),
          Map.entry("kafka.bootstrap.servers", "broker:9092"),
          Map.entry("commit-interval", "PT0.1S"),
          Map.entry("stream-threads", "7"),
          Map.entry("topics.errors", "[e1, e2]"),
          Map.entry("topics.error-patterns", "[.*-dlq]"),
          Map.entry("topics.commands", "c"),
          Map.entry("topics.outcomes", "o"),
          Map.entry("topics.retry", "r"),
          Map.entry("topics.events", "ev"),
          Map.entry("topics.results", "re"),
          Map.entry("topics.ledger", "l"),
          Map.entry("topics.control", "co"),
          Map.entry("topics.create", "false"),
          Map.entry("topics.partitions", "12"),
          Map.entry("topics.replication-factor", "3"),
          Map.entry("errors.start", "latest"),
          Map.entry("errors.message-ids", "true"),
          Map.entry("errors.starts.e1", "2026-01-31T00:00:00Z"),
          Map.entry("errors.dialects.e1", "vector"),
          Map.entry("errors.aliases[0].name", "ours"),
          Map.entry("errors.aliases[0].headers.source-offset", "x-offset int64"),
          Map.entry("commands.start", "latest"),
          Map.entry("outcomes.start", "latest"),
          Map.entry("pipelines[0].id", "orders"),
          Map.entry("pipelines[0].name", "Orders"),
          Map.entry("pipelines[0].error-topics", "[orders.dlq]"),
          Map.entry("pipelines[0].retry-topic", "origin"),
          Map.entry("pipelines[0].settle-timeout", "PT1M"),
          Map.entry("pipelines[0].retention", "PT720H"),
          Map.entry("pipelines[0].masks.paths", "[$.a['b c'][*]..d]"),
          Map.entry("pipelines[0].masks.headers", "[authorization]"),
          Map.entry("pipelines[0].masks.texts", "[\\d{16}]"),
          Map.entry("masks.paths", "[$..iban, $]"),
          Map.entry("masks.headers", "[cookie]"),
          Map.entry("masks.texts", "[(?i)secret]"),
          Map.entry("registry.url", "http://registry:8081"),
          Map.entry("registry.user", "redrive"),
          Map.entry("registry.password", "pw"),
          Map.entry("registry.timeout", "PT1S"),
          Map.entry("registry.cache", "7"),
          Map.entry("registry.rest", "PT1M"),
          Map.entry("pipelines[0].drops-headers", "true"),
          Map.entry("pipelines[0].max-replays-per-second", "50"),
          Map.entry("pipelines[0].max-replays-per-hour", "500"),
          Map.entry("pipelines[0].retry.delays", "[PT1M, PT1H]"),
          Map.entry("pipelines[0].retry.max-attempts", "7"),
          Map.entry("pipelines[0].retry.jitter-percent", "25"),
          Map.entry("runs.history", "PT24H"),
          Map.entry("callbacks.allowed-hosts", "[*.example.com, hooks.example.org:8443]"),
          Map.entry("callbacks.private-networks", "[10.20.0.0/16]"),
          Map.entry("callbacks.timeout", "PT5S"),
          Map.entry("callbacks.delays", "[PT1S, PT1M]"),
          Map.entry("callbacks.concurrency", "4"),
          Map.entry("runs.bulk-actions", "[delete]"),
          Map.entry("pipelines[0].outcomes.group", "orders-app"),
          Map.entry("pipelines[0].outcomes.silence", "succeeded"),
          Map.entry("replay.settle-timeout", "PT1H"),
          Map.entry("replay.landing-wait", "PT20S"),
          Map.entry("replay.inference-grace", "PT20S"),
          Map.entry("replay.timestamp", "now"),
          Map.entry("limits.payload", "2MiB"),
          Map.entry("limits.original", "3MiB"),
          Map.entry("store.wal", "fsync"),
          Map.entry("store.block-cache", "1GiB"),
          Map.entry("store.write-buffers", "32MiB"),
          Map.entry("groups.frameworks", "[com.acme.]"),
          Map.entry("groups.new-for", "PT1H"),
          Map.entry("groups.rules[0].name", "network"),
          Map.entry("groups.rules[0].class", "java.net.*"),
          Map.entry("groups.rules[0].message", "refused"),
          Map.entry("groups.rules[0].pipelines", "[orders]"),
          Map.entry("http.export-time", "PT1H"),
          Map.entry("http.host", "localhost"),
          Map.entry("http.port", "8081"),
          Map.entry("http.max-body", "2MiB"),
          Map.entry("http.wait", "PT1S"),
          Map.entry("http.open", "false"),
          Map.entry("http.drain", "PT5S"),
          Map.entry("peers.advertised", "http://redrive-0:8080"),
          Map.entry("peers.secret", "0123456789abcdef"),
          Map.entry("peers.timeout", "PT2S"),
          Map.entry("peers.standbys", "2"),
          Map.entry("auth.keys[0].name", "ci"),
          Map.entry("auth.keys[0].sha256", "0".repeat(64)),
          Map.entry("auth.keys[0].role", "admin"),
          Map.entry("auth.keys[0].pipelines", "[orders]"),
          Map.entry("auth.keys[0].reveal", "false"),
          Map.entry("auth.keys[0].rate-limit", "7"),
          Map.entry("auth.rate-limit", "5"),
          Map.entry("auth.jwt.jwks", "https://issuer/jwks"),
          Map.entry("auth.jwt.issuer", "https://issuer"),
          Map.entry("auth.jwt.audience", "redrive"),
          Map.entry("auth.jwt.name-claim", "email"),
          Map.entry("auth.jwt.role-claim", "realm_access.roles"),
          Map.entry("auth.jwt.roles.dlq-admins", "admin"),
          Map.entry("auth.jwt.pipelines-claim", "pipelines"),
          Map.entry("auth.jwt.clock-skew", "PT1M"),
          Map.entry("auth.jwt.cache", "PT1H"),
          Map.entry("http.tls.certificate", "/etc/redrive/tls.crt"),
          Map.entry("http.tls.key", "/etc/redrive/tls.key"),
          Map.entry("http.tls.keystore", "/etc/redrive/tls.p12"),
          Map.entry("http.tls.keystore-password", "changeit"),
          Map.entry("diagnostics.keep", "PT24H"),
          Map.entry("diagnostics.max-size", "128MiB"),
          Map.entry("diagnostics.max-total", "2GiB"),
          Map.entry("diagnostics.run-bundles", "false"),
          Map.entry("diagnostics.heap-dumps", "true"));

  @Test
  void everySettingIsReadAndHeldUnderItsOwnName() {
    Map<String, String> given = new TreeMap<>();
    EACH.forEach((key, value) -> given.put(key, value.replaceAll("^\\[(.*)]$", "$1")));

    Settings settings = SettingsLoader.of(given);

    Map<String, String> expected = new TreeMap<>(EACH);
    expected.put("auth.keys[0].sha256", "***");
    expected.put("registry.password", "***");
    expected.put("peers.secret", "***");
    expected.put("http.tls.keystore-password", "***");
    assertThat(SettingsDump.of(settings)).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void everySettingHasACaseOtherThanItsDefault() {
    Map<String, String> defaults = SettingsDump.of(SettingsLoader.of(Map.of()));

    assertThat(SettingsTable.all())
        .allSatisfy(entry -> assertThat(EACH.keySet()).anyMatch(entry::covers));
    assertThat(EACH).allSatisfy((key, value) -> assertThat(defaults.get(key)).isNotEqualTo(value));
  }

  @Test
  void everySettingButMapsCanComeFromTheEnvironment() {
    for (SettingEntry entry : SettingsTable.all()) {
      String variable = entry.environmentName().replace("<n>", "3");
      if (entry.shape() != Shape.MAP) {
        assertThat(entry.keyOf(variable)).isEqualTo(entry.key().replace("[]", "[3]"));
      }
    }
  }

  @Test
  void theExampleInTheDocumentIsRight() throws Exception {
    String document = Files.readString(Path.of("docs", "settings.md"));
    String example = document.split("```yaml\n", 2)[1].split("```", 2)[0];
    Path file = Files.writeString(directory.resolve("redrive.yaml"), example);

    Settings settings = SettingsLoader.load(Optional.of(file), Map.of(), List.of());

    assertThat(settings.auth().keys().get(0).sha256().matches("secret")).isTrue();
  }

  @Test
  void theDocumentsListAllSettings() throws IOException {
    String table = SettingsDocument.table();
    Path fresh = Files.writeString(Path.of("target", "settings-table.md"), table);

    for (Path document : List.of(Path.of("README.md"), Path.of("docs", "settings.md"))) {
      assertThat(Files.readString(document))
          .as("put the table of %s into %s", fresh, document)
          .contains(table);
    }
  }
}
