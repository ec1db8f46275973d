// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/** A guide of {@code docs/guides}, so that tests run what it tells people to write. */
public record Guide(String text) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)$(.*?)^```$");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  /** The one of that name, such as {@code spring}. */
  public static Guide of(String name) throws IOException {
    return new Guide(Files.readString(Path.of("docs", "guides", name + ".md")));
  }

  /** What stands in its blocks of a language. */
  public List<String> blocks(String language) {
    List<String> blocks =
        BLOCK
            .matcher(text)
            .results()
            .filter(block -> block.group(1).equals(language))
            .map(block -> block.group(2))
            .toList();
    assertThat(blocks).as("blocks of %s", language).isNotEmpty();
    return blocks;
  }

  /** Redrive's settings, as {@code --set} takes them. */
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    blocks("yaml").forEach(block -> flatten("", new Yaml().load(block), settings));
    return settings;
  }

  /** Those of all its blocks of properties. */
  public Map<String, String> properties() throws IOException {
    Properties all = new Properties();
    for (String block : blocks("properties")) {
      all.load(new StringReader(block));
    }
    return all.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, all::getProperty));
  }

  /**
   * Whether a program has the code of all blocks of a language, whatever its line breaks; what a
   * guide leaves out as … may be anything.
   */
  public void assertUsed(String language, Path program) throws IOException {
    String code = SPACE.matcher(Files.readString(program)).replaceAll("");
    for (String block : blocks(language)) {
      int from = 0;
      for (String part : SPACE.matcher(block).replaceAll("").split("…", -1)) {
        int at = code.indexOf(part, from);
        assertThat(at).as("in %s, of the guide: %s", program, block).isNotNegative();
        from = at + part.length();
      }
    }
  }

  private static void flatten(String name, Object value, Map<String, String> settings) {
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, each) -> flatten(name.isEmpty() ? "" + key : name + "." + key, each, settings));
    } else if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
      for (int i = 0; i < list.size(); i++) {
        flatten(name + "[" + i + "]", list.get(i), settings);
      }
    } else if (value instanceof List<?> list) {
      settings.put(name, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
    } else {
      settings.put(name, String.valueOf(value));
    }
  }
}
