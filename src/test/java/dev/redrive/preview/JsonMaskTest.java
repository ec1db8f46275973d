// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.config.MaskPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMaskTest {
  private final List<String> hidden = new ArrayList<>();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "$.a | {'a': 1.10, 'b' : 2} | {'a': '***', 'b' : 2}",
        "$.a.b | {'a': {'b': [1, {'c': 2}], 'b2': 3}} | {'a': {'b': '***', 'b2': 3}}",
        "$.a.b | {'a': [{'b': 1}], 'b': 2} | {'a': [{'b': 1}], 'b': 2}",
        "$.a[*].b | {'a': [{'b': 1}, {'b': null, 'c': 4}, 5]} |"
            + " {'a': [{'b': '***'}, {'b': '***', 'c': 4}, 5]}",
        "$.a[*] | {'a': {'x': 1, 'y': [2]}} | {'a': {'x': '***', 'y': '***'}}",
        "$..p | {'p': 1, 'a': [{'p': {'p': 2}}, {'q': {'p': 3}}]} |"
            + " {'p': '***', 'a': [{'p': '***'}, {'q': {'p': '***'}}]}",
        "$..a.b | {'a': {'a': {'b': 1}, 'b': 2}, 'b': 3} | {'a': {'a': {'b': '***'}, 'b': '***'}, 'b': 3}",
        "$..a[*] | [{'a': [[1], 2]}] | [{'a': ['***', '***']}]",
        "$['b c'] | {'b c': true, 'b': 1} | {'b c': '***', 'b': 1}",
        "$ | [1, 2] | '***'",
        "$[*] |  [1,2 , 'x'] | ['***','***' , '***']",
        "$.é$ | {'\\u00e9$': 'ü😀', 'z': 'ü'} | {'\\u00e9$': '***', 'z': 'ü'}",
        "$.a | 12 | 12",
        "$.a | {'a': -1.5e+7} | {'a': '***'}"
      })
  void aPathHidesItsPlacesAndNothingElse(String path, String json, String masked) {
    assertThat(mask(quoted(json), path)).contains(quoted(masked));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{'a': 1",
        "{'a': 1} x",
        "{'a': 1}{'a': 2}",
        "{'a': 1, 'a': 2}",
        "[1,]",
        "nul",
        "\ufeff{'a': 1}",
        "{a: 1}"
      })
  void whatIsNotOneValueIsNotMasked(String json) {
    assertThat(mask(quoted(json), "$.a")).isEmpty();
  }

  @Test
  void whatNestsTooDeepIsNotMasked() {
    assertThat(mask("[".repeat(2_000) + "]".repeat(2_000), "$..a")).isEmpty();
  }

  @Test
  void aLargeTextIsMaskedAtTheRightPlaces() {
    String filler = "x😀".repeat(50_000);
    String json = "{\"f\": \"" + filler + "\", \"a\": \"secret\", \"n\": " + "7".repeat(900) + "}";
    assertThat(mask(json, "$.a")).contains(json.replace("secret", "***"));
    assertThat(mask(json, "$.n")).contains(json.substring(0, json.length() - 901) + "\"***\"}");
  }

  @Test
  void scalarsThatNoPathHidesAreCleaned() {
    Optional<String> masked =
        JsonMask.mask(
            "{\"a\": \"x-7\", \"b\": [77, null], \"x7\": \"\\\"\"}",
            List.of(),
            text -> text.replace("7", "\"***\""),
            hidden::add);
    assertThat(masked)
        .contains(
            "{\"a\": \"x-\\\"***\\\"\", \"b\": [\"\\\"***\\\"\\\"***\\\"\", null], \"x7\": \"\\\"\"}");
    assertThat(hidden).isEmpty();
  }

  @Test
  void hiddenScalarsAreTold() {
    assertThat(mask("{\"a\": [\"x\", {\"b\": 1.50}, null, true]}", "$.a")).isPresent();
    assertThat(hidden).containsExactly("x", "1.50", "true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "a", "$a", "$.", "$..", "$.a.", "$.a[0]", "$.a[", "$['']", "$.a b", "$.*", "$ "
      })
  void whatIsNoPathIsRefused(String text) {
    assertThatThrownBy(() -> MaskPath.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  private Optional<String> mask(String json, String... paths) {
    return JsonMask.mask(
        json, Arrays.stream(paths).map(MaskPath::parse).toList(), text -> text, hidden::add);
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
