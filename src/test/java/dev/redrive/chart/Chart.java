// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The chart of this repository, in the hands of Helm itself. */
final class Chart {
  static final Path FOLDER = Path.of("helm", "redrive");

  private Chart() {}

  /**
   * What Helm makes of the chart with these values over its own, the last over all others.
   *
   * @throws IllegalStateException with Helm's words, where it refuses them
   */
  static Rendered render(Path dir, String... values) throws IOException {
    TemplateCommand template =
        new Helm(FOLDER)
            .template()
            .withName("letters")
            .withNamespace("platform")
            .withKubeVersion("1.30.0");
    for (String each : values) {
      template.withValuesFile(
          Files.writeString(Files.createTempFile(dir, "values", ".yaml"), each));
    }
    return Rendered.of(template.call());
  }

  /** Helm lints a chart with its own values only, so these become a copy's own. */
  static LintResult lint(Path dir, String values) throws IOException {
    Path copy = Files.createTempDirectory(dir, "chart").resolve("redrive");
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(FOLDER.relativize(file).toString()));
      }
    }
    Map<String, Object> merged = merged(values(), new Yaml().load(values));
    Files.writeString(copy.resolve("values.yaml"), new Yaml().dump(merged));
    return new Helm(copy).lint().strict().call();
  }

  /** The chart's own values. */
  static Map<String, Object> values() throws IOException {
    return new Yaml().load(Files.readString(FOLDER.resolve("values.yaml")));
  }

  @SuppressWarnings("unchecked") // YAML's keys are texts here
  private static Map<String, Object> merged(Map<String, Object> under, Map<String, Object> over) {
    Map<String, Object> merged = new LinkedHashMap<>(under);
    over.forEach(
        (key, value) ->
            merged.merge(
                key,
                value,
                (before, now) ->
                    before instanceof Map && now instanceof Map
                        ? merged((Map<String, Object>) before, (Map<String, Object>) now)
                        : now));
    return merged;
  }
}
