// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.letter.RawBytes;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PayloadJsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1}|{\"a\":1}|{\"a\":1}",
        "[1,2]|[1,2]|{\"text\":\"[1,2]\"}",
        "42|42|{\"text\":\"42\"}",
        "\"x\"|\"x\"|{\"text\":\"\\\"x\\\"\"}",
        "plain|{\"text\":\"plain\"}|{\"text\":\"plain\"}",
        "``|{\"text\":\"\"}|{\"text\":\"\"}",
        "{\"a\":1|{\"text\":\"{\\\"a\\\":1\"}|{\"text\":\"{\\\"a\\\":1\"}",
        "{\"a\":1} x|{\"text\":\"{\\\"a\\\":1} x\"}|{\"text\":\"{\\\"a\\\":1} x\"}",
        "{\"a\":1,\"a\":2}|{\"text\":\"{\\\"a\\\":1,\\\"a\\\":2}\"}"
            + "|{\"text\":\"{\\\"a\\\":1,\\\"a\\\":2}\"}",
        "{\"n\":12345678901234567890.10}|{\"n\":12345678901234567890.10}"
            + "|{\"n\":12345678901234567890.10}",
        "{\"n\":1e999999999}|{\"n\":1E+999999999}|{\"n\":1E+999999999}",
        "{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6}"
            + "|{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6}"
            + "|{\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5}"
      })
  void showsTextAsWhatItIs(String text, String whole, String preview) {
    RawBytes payload = RawBytes.utf8(text);
    assertThat(PayloadJson.whole(payload).toString()).isEqualTo(whole);
    assertThat(PayloadJson.preview(payload, false).toString()).isEqualTo(preview);
  }

  @Test
  void showsOtherBytesAsBase64() {
    RawBytes payload = RawBytes.of(new byte[] {(byte) 0xC0, (byte) 0x80, 1});
    assertThat(PayloadJson.whole(payload).toString()).isEqualTo("{\"base64\":\"wIAB\"}");
    assertThat(PayloadJson.preview(payload, false)).isEqualTo(PayloadJson.whole(payload));
  }

  @Test
  void previewsTheStartOfACutObject() {
    RawBytes cut = RawBytes.utf8("{\"a\":1,\"b\":\"un");
    assertThat(PayloadJson.preview(cut, true).toString()).isEqualTo("{\"a\":1}");
  }

  @Test
  void previewsStaySmallWhateverTheSize() {
    String object = "{\"long\":\"" + "x".repeat(30_000) + "\",\"more\":\"" + "y".repeat(9_000_000);
    assertThat(PayloadJson.preview(RawBytes.utf8(object), false).toString()).hasSizeLessThan(300);
    assertThat(PayloadJson.preview(RawBytes.utf8("é".repeat(200_000)), false).toString())
        .hasSizeLessThan(300)
        .startsWith("{\"text\":\"éé");
    assertThat(PayloadJson.preview(RawBytes.of(new byte[200_000]), false).toString())
        .startsWith("{\"text\":");
    byte[] noise = new byte[200_000];
    Arrays.fill(noise, (byte) 0xFF);
    assertThat(PayloadJson.preview(RawBytes.of(noise), false).toString()).hasSizeLessThan(300);
  }

  @Test
  void cutsNoCharacterInTwo() {
    JsonNode preview = PayloadJson.preview(RawBytes.utf8("x" + "😀".repeat(200)), false);
    assertThat(preview.at("/text").asText()).isEqualTo("x" + "😀".repeat(99) + "…");
  }

  @Test
  void deepNestingIsText() {
    RawBytes deep = RawBytes.utf8("[".repeat(100_000));
    assertThat(PayloadJson.whole(deep).has("text")).isTrue();
    RawBytes bomb = RawBytes.utf8("{\"a\":" + "[".repeat(600) + "]".repeat(600) + "}");
    assertThat(PayloadJson.whole(bomb).has("text")).isTrue();
    assertThat(PayloadJson.preview(bomb, false).has("text")).isTrue();
  }
}
