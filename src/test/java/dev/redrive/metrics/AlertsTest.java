// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Alert rules and dashboard, in the hands of Prometheus' own checker. */
class AlertsTest {
  private static final Path FILES = Path.of("helm", "redrive", "files");
  private static final Path ALERTS = FILES.resolve("alerts.yaml");
  private static final Path OPERATIONS = Path.of("docs", "operations.md");
  private static final Pattern OURS = Pattern.compile("\\b(?:redrive|jvm|process)_[a-z_]+");

  @TempDir Path dir;

  @Test
  void promtoolAcceptsRulesAndConfiguration() throws Exception {
    Promtool.check("", "check", "rules", ALERTS.toString());
    Promtool.check("", "check", "config", FILES.resolve("prometheus.yml").toString());
  }

  @Test
  void eachAlertFiresWhereItShouldAndOnlyThere() throws Exception {
    Promtool.check("", "test", "rules", FILES.resolve("alerts-test.yaml").toString());
  }

  @Test
  void noAlertIsWithoutATest() throws IOException {
    Map<String, Object> tests = yaml(FILES.resolve("alerts-test.yaml"));
    Set<String> tested = new TreeSet<>();
    for (Object test : list(tests.get("tests"))) {
      for (Object rule : list(map(test).get("alert_rule_test"))) {
        if (map(rule).containsKey("exp_alerts")) {
          tested.add(String.valueOf(map(rule).get("alertname")));
        }
      }
    }

    assertThat(tested).isEqualTo(alerts().keySet());
  }

  /** Each says where to read on, and there is what it means, what to look at and what to do. */
  @Test
  void eachAlertHasItsSection() throws IOException {
    String operations = Files.readString(OPERATIONS);
    for (Map.Entry<String, Map<String, Object>> alert : alerts().entrySet()) {
      String name = alert.getKey();
      assertThat(map(alert.getValue().get("annotations")))
          .as(name)
          .containsEntry("runbook", "docs/operations.md#" + name.toLowerCase(Locale.ROOT))
          .containsKeys("summary", "description");
      int from = operations.indexOf("\n### " + name + "\n");
      assertThat(from).as("a section for %s", name).isPositive();
      int to = operations.indexOf("\n#", from + 5);
      assertThat(operations.substring(from, to < 0 ? operations.length() : to))
          .as("section of %s", name)
          .contains("**Means**", "**Look at**", "**Do**");
    }
  }

  /** What somebody sees first who was woken up. */
  @Test
  void theTableOfAlertsHasEachWithItsSeverity() throws IOException {
    Map<String, String> documented =
        Pattern.compile("(?m)^\\| \\[(Redrive\\w+)\\]\\(#\\w+\\) \\| (\\w+) \\|")
            .matcher(Files.readString(OPERATIONS))
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
    Map<String, String> severities = new LinkedHashMap<>();
    alerts()
        .forEach(
            (name, alert) ->
                severities.put(name, String.valueOf(map(alert.get("labels")).get("severity"))));

    assertThat(documented).isEqualTo(severities);
  }

  @Test
  void everyMetricThatIsAskedForIsDocumented() throws IOException {
    Set<String> documented = names("(?m)^\\| `([a-z_]+)` \\|", Files.readString(OPERATIONS));
    List<String> expressions = new ArrayList<>();
    alerts().values().forEach(alert -> expressions.add(String.valueOf(alert.get("expr"))));
    Dashboard.read().queries().forEach(query -> expressions.add(query.expression()));

    for (String expression : expressions) {
      assertThat(OURS.matcher(expression).results().map(MatchResult::group).toList())
          .allSatisfy(
              metric ->
                  assertThat(documented).contains(metric.replaceAll("_(bucket|count|sum)$", "")));
    }
  }

  @Test
  void promtoolAcceptsEveryQueryOfTheDashboard() throws Exception {
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Dashboard.Query query : Dashboard.read().queries()) {
      // It checks no lone expressions, but those of recording rules.
      rules.add(Map.of("record", "dashboard:query" + rules.size(), "expr", query.expression()));
    }
    assertThat(rules).hasSizeGreaterThan(20);
    Path file = dir.resolve("rules.yaml");
    new ObjectMapper()
        .writeValue(
            file.toFile(), Map.of("groups", List.of(Map.of("name", "panels", "rules", rules))));

    Promtool.check("", "check", "rules", file.toString());
  }

  private static Map<String, Map<String, Object>> alerts() throws IOException {
    Map<String, Map<String, Object>> alerts = new LinkedHashMap<>();
    for (Object group : list(yaml(ALERTS).get("groups"))) {
      for (Object rule : list(map(group).get("rules"))) {
        alerts.put(String.valueOf(map(rule).get("alert")), map(rule));
      }
    }
    assertThat(alerts).isNotEmpty();
    return alerts;
  }

  private static Set<String> names(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  private static Map<String, Object> yaml(Path file) throws IOException {
    return new Yaml().load(Files.readString(file));
  }

  @SuppressWarnings("unchecked") // YAML's keys are texts here
  private static Map<String, Object> map(Object yaml) {
    return (Map<String, Object>) yaml;
  }

  private static List<?> list(Object yaml) {
    return (List<?>) yaml;
  }
}
