// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterJsonTest {
  private final Problems problems = new Problems();

  @Test
  void whatIsWrittenIsRead() {
    LetterFilter filter =
        LetterFilter.ALL
            .with(Attribute.PIPELINE, Set.of("a", "ü,"))
            .with(Attribute.STATUS, Set.of("pending"))
            .with(Attribute.RESPONSE_STATUS, Set.of("500", "0"))
            .between(1_790_000_000_001L, 1_790_000_000_002L)
            .with(new LetterFilter.Text("m", "^r\\d+$", "p\"", "h"))
            .asMasked(true);
    byte[] json = Json.object(out -> FilterJson.write(out, "filter", filter));

    assertThat(read(json)).isEqualTo(filter);
    assertThat(problems.none()).isTrue();
  }

  @Test
  void oneValueNeedsNoArray() {
    assertThat(read("{\"filter\": {\"label\": \"x\"}}"))
        .isEqualTo(LetterFilter.ALL.with(Attribute.LABEL, Set.of("x")));
  }

  @Test
  void boundsFinerThanAMillisecondAreRoundedInwards() {
    LetterFilter filter =
        read(
            "{\"filter\": {\"since\": \"2026-01-01T00:00:00.0001Z\","
                + " \"until\": \"2026-01-01T01:00:00.0019+01:00\"}}");
    assertThat(filter.since()).isEqualTo(1_767_225_600_001L);
    assertThat(filter.until()).isEqualTo(1_767_225_600_001L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'pipelin_id': 'x'} | /filter/pipelin_id is no known field; did you mean pipeline_id?",
        "{'status': 'gone'} | /filter/status must be one of pending, retrying, parked",
        "{'label': []} | /filter/label must be an array of at least one text",
        "{'label': ['']} | /filter/label/0 must have 1 to 8000 characters, not 0",
        "{'label': 7} | /filter/label must be an array of at least one text",
        "{'response_status': '5x'} | /filter/response_status must be a whole number from 0",
        "{'since': 'today'} | /filter/since must be a time in ISO 8601",
        "{'since': '2026-01-02T00:00:00Z', 'until': '2026-01-01T00:00:00Z'} | /filter/since is after",
        "{'record_id_pattern': '('} | /filter/record_id_pattern is no regular expression",
        "{'masked': 'yes'} | /filter/masked must be true or false, not a text",
        "{'payload': ''} | /filter/payload must have 1 to 1000 characters, not 0"
      })
  void whatIsWrongIsNamed(String filter, String complaint) {
    read("{\"filter\": " + filter.replace('\'', '"') + "}");
    assertThat(problems.refusal("no").message()).contains(complaint);
  }

  private LetterFilter read(String json) {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }

  private LetterFilter read(byte[] json) {
    ObjectNode tree = Objects.requireNonNull(Json.parse(json, problems));
    JsonFields filter = new JsonFields(tree, "", problems).object("filter");
    return FilterJson.read(Objects.requireNonNull(filter));
  }
}
