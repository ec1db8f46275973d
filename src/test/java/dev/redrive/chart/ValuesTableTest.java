// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the chart's table of values and its schema to values.yaml. */
class ValuesTableTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([^`]+)` \\| `([^`]*)` \\| (.+) \\|$");

  @Test
  void theTableHasEachValueWithItsDefault() throws IOException {
    Map<String, JsonNode> documented = new LinkedHashMap<>();
    Matcher rows = ROW.matcher(Files.readString(Chart.FOLDER.resolve("README.md")));
    while (rows.find()) {
      assertThat(rows.group(3)).as("what %s does", rows.group(1)).endsWith(".");
      documented.put(rows.group(1), JSON.readTree(rows.group(2)));
    }

    assertThat(documented).containsExactlyEntriesOf(values());
  }

  @Test
  void theSchemaKnowsEachValue() throws IOException {
    JsonNode schema = JSON.readTree(Files.readString(Chart.FOLDER.resolve("values.schema.json")));
    for (String value : values().keySet()) {
      JsonNode at = schema;
      for (String part : value.split("\\.", -1)) {
        // Objects that are handed on as they are end the path.
        if (at.has("properties")) {
          at = at.get("properties").path(part);
          assertThat(at.isMissingNode()).as("%s in the schema", value).isFalse();
        }
      }
    }
  }

  /** What stands under {@code auth} is spelled as in the settings, so it is to be all of them. */
  @Test
  void theSchemaKnowsEachSettingOfKeysAndTokens() throws IOException {
    JsonNode auth =
        JSON.readTree(Files.readString(Chart.FOLDER.resolve("values.schema.json")))
            .at("/properties/auth/properties");

    assertThat(names(auth.at("/keys/items/properties"))).isEqualTo(settings("auth.keys[]."));
    assertThat(names(auth.at("/jwt/properties"))).isEqualTo(settings("auth.jwt."));
  }

  /** The documented ones, which another test holds to the code. */
  private static Set<String> settings(String prefix) throws IOException {
    return Pattern.compile("(?m)^\\| `" + Pattern.quote(prefix) + "([a-z0-9-]+)(\\.<name>)?` \\|")
        .matcher(Files.readString(Path.of("docs", "settings.md")))
        .results()
        .map(row -> row.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> names(JsonNode properties) {
    Set<String> names = new TreeSet<>();
    properties.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Map<String, JsonNode> values() throws IOException {
    Map<String, JsonNode> flat = new LinkedHashMap<>();
    Chart.values().forEach((key, value) -> flatten(key, value, flat));
    return flat;
  }

  private static void flatten(String key, Object value, Map<String, JsonNode> into) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((inner, nested) -> flatten(key + "." + inner, nested, into));
      return;
    }
    try {
      into.put(key, JSON.readTree(JSON.writeValueAsString(value)));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
