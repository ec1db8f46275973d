// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.load.SettingsLoader;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureDetail.Cut;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Letters;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import dev.redrive.letter.Transitions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasksTest {
  private static final String SECRET = "DE02120300000000202051";
  private static final Masks MASKS =
      Masks.of(
          SettingsLoader.of(
              Map.of(
                  "masks.headers", "Authorization",
                  "pipelines[0].id", "billing",
                  "pipelines[0].masks.paths", "$..iban",
                  "pipelines[0].masks.headers", "x-token",
                  "pipelines[1].id", "texts",
                  "pipelines[1].masks.texts", "DE\\d{20}")));

  @Test
  void whoMayRevealSeesTheStoredLetter() {
    Letter letter = letter("billing", detail("{\"iban\": \"" + SECRET + "\"}"));
    Seen seen = MASKS.seen(letter, true);
    assertThat(seen.letter()).isSameAs(letter);
    assertThat(seen.payload().value()).isEqualTo(letter.detail().raw().value());
  }

  @Test
  void nothingIsLeftOfAHiddenValueInAnyPartOfALetter() {
    FailureDetail stored = everywhere("{\"a\": [{\"iban\": \"" + SECRET + "\"}], \"b\": 1}");
    Seen seen = MASKS.seen(letter("billing", stored), false);

    assertThat(words(seen.letter().detail())).doesNotContain(SECRET);
    assertThat(seen.payload().value().text()).isEqualTo("{\"a\": [{\"iban\": \"***\"}], \"b\": 1}");
    assertThat(seen.letter().detail().error().message()).isEqualTo("bad iban *** given");
    assertThat(stored.raw().value().text()).contains(SECRET);
  }

  @Test
  void aPipelineHasItsOwnRulesAndThoseOfAll() {
    FailureDetail detail =
        with(
            detail("{\"iban\": 1}"),
            List.of(Header.utf8("AUTHORIZATION", "abcd"), Header.utf8("X-Token", "efgh")));
    Seen other = MASKS.seen(letter("other", detail), false);
    assertThat(other.payload().value().text()).isEqualTo("{\"iban\": 1}");
    assertThat(words(other.letter().detail())).doesNotContain("abcd").contains("efgh");
    assertThat(words(MASKS.seen(letter("billing", detail), false).letter().detail()))
        .doesNotContain("abcd")
        .doesNotContain("efgh");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no json " + SECRET, "{\"iban\":1,\"iban\":2}", "{\"iban\":1}{}"})
  void whatCanNotBeReadIsHiddenWholeAndSaysWhy(String payload) {
    Seen seen = MASKS.seen(letter("billing", detail(payload)), false);
    assertThat(seen.payload().value()).isNull();
    assertThat(seen.letter().detail().raw().value()).isNull();
    assertThat(seen.hidden()).contains("not JSON");
  }

  @Test
  void whatIsKeptInPartIsHiddenWhole() {
    FailureDetail whole = detail("{\"iban\": 1}");
    FailureDetail cut =
        new FailureDetail(
            whole.raw(),
            "native",
            List.of("native"),
            whole.error(),
            whole.source(),
            null,
            null,
            List.of(),
            new Cut(1_000, 0, 0));
    assertThat(MASKS.seen(letter("billing", cut), false).hidden()).contains("only a part");
    assertThat(MASKS.seen(letter("texts", cut), false).hidden()).contains("only a part");
  }

  @Test
  void anExpressionHidesTextsButNoBinaryPayloadIsTrusted() {
    Seen text = MASKS.seen(letter("texts", everywhere("plain " + SECRET)), false);
    assertThat(text.payload().value().text()).isEqualTo("plain ***");
    assertThat(words(text.letter().detail())).doesNotContain(SECRET);
    byte[] binary = ("\u00ff" + SECRET).getBytes(StandardCharsets.ISO_8859_1);
    Seen hidden = MASKS.seen(letter("texts", detail(RawBytes.of(binary), List.of())), false);
    assertThat(hidden.hidden()).contains("no text");
    assertThat(hidden.payload().value()).isNull();
  }

  @Test
  void inAnEnvelopeThePayloadIsWhatCounts() {
    FailureDetail enveloped =
        new FailureDetail(
            new RawRecord(
                null,
                RawBytes.utf8(
                    "{\"pipeline_id\":\"billing\",\"payload\":{\"iban\":\""
                        + SECRET
                        + "\",\"b\":1}}"),
                List.of(Header.utf8("redrive-envelope", "1"))),
            "redrive-envelope",
            List.of("redrive-envelope"),
            FailureError.UNKNOWN,
            Source.UNKNOWN,
            null,
            null,
            List.of(),
            null);
    Seen seen = MASKS.seen(letter("billing", enveloped), false);
    assertThat(words(seen.letter().detail())).doesNotContain(SECRET);
    assertThat(seen.payload().value().text()).isEqualTo("{\"iban\":\"***\",\"b\":1}");
  }

  @Test
  void aSearchFindsTheMaskedFormOnly() {
    Letter letter = letter("billing", everywhere("{\"iban\": \"" + SECRET + "\", \"b\": 1}"));
    for (String part : List.of(SECRET, SECRET.substring(0, 3), "2051")) {
      for (LetterFilter.Text text :
          List.of(
              new LetterFilter.Text(part, null, null, null),
              new LetterFilter.Text(null, null, part, null),
              new LetterFilter.Text(null, null, null, part))) {
        LetterFilter filter = LetterFilter.ALL.with(text);
        assertThat(fits(filter, letter)).isTrue();
        assertThat(fits(filter.asMasked(true), letter)).isFalse();
      }
    }
    LetterFilter beside =
        LetterFilter.ALL.with(new LetterFilter.Text(null, null, "\"b\": 1", null));
    assertThat(fits(beside.asMasked(true), letter)).isTrue();
  }

  @Test
  void aTextTakenOutOfALetterIsHiddenWholeWhereNobodyCanTell() {
    assertThat(MASKS.text(Set.of("billing"), "bad iban " + SECRET)).isEqualTo("***");
    assertThat(MASKS.text(Set.of("texts"), "bad iban " + SECRET)).isEqualTo("***");
    assertThat(MASKS.text(Set.of("texts", "billing"), "good")).isEqualTo("***");
    assertThat(MASKS.text(Set.of(), "good")).isEqualTo("***");
    assertThat(Masks.NONE.text(Set.of("billing"), "bad iban")).isEqualTo("bad iban");
  }

  private static boolean fits(LetterFilter filter, Letter letter) {
    return LetterMatcher.of(filter, MASKS).fits(letter.head(), letter.detail());
  }

  private static Letter letter(String pipeline, FailureDetail detail) {
    LetterHead head = Letters.pending();
    return new Letter(
        LetterId.of(pipeline, "r"),
        Transitions.failed(null, Letters.facts(pipeline, "r"), Letters.NOW)
            .head()
            .withChange(head.change()),
        detail);
  }

  private static FailureDetail detail(String payload) {
    return detail(RawBytes.utf8(payload), List.of());
  }

  private static FailureDetail detail(RawBytes value, List<Header> headers) {
    return new FailureDetail(
        new RawRecord(null, value, headers),
        "native",
        List.of("native"),
        FailureError.UNKNOWN,
        Source.UNKNOWN,
        null,
        null,
        List.of(),
        null);
  }

  private static FailureDetail with(FailureDetail detail, List<Header> headers) {
    return detail(detail.raw().value(), headers);
  }

  /** The secret in every part of a letter, headers that a convention strips included. */
  private static FailureDetail everywhere(String payload) {
    Map<String, List<String>> http = Map.of("cookie", List.of("c=" + SECRET));
    Response response = new Response(400, http, RawBytes.utf8("{\"iban\": \"" + SECRET + "\"}"));
    return new FailureDetail(
        new RawRecord(
            RawBytes.utf8("key-" + SECRET),
            RawBytes.utf8(payload),
            List.of(
                Header.utf8("x-token", SECRET),
                Header.utf8("note", "about " + SECRET),
                Header.utf8("redrive-error-message", "bad iban " + SECRET + " given"))),
        "native",
        List.of("native"),
        new FailureError("c", "bad iban " + SECRET + " given", "E", null, "E: " + SECRET + "\n at"),
        Source.UNKNOWN,
        "{\"iban\": \"" + SECRET + "\", \"m\": \"x " + SECRET + "\"}",
        new HttpDelivery(
            "m",
            null,
            "http://h/?i=" + SECRET,
            "POST",
            http,
            1,
            null,
            null,
            null,
            response,
            1,
            1,
            1,
            "http://h/?i=" + SECRET,
            http,
            "http://h/" + SECRET,
            http,
            response,
            null,
            null,
            null,
            null),
        List.of("ignored: " + SECRET),
        null);
  }

  /** All text in a detail, bytes included. */
  private static String words(FailureDetail detail) {
    StringBuilder words = new StringBuilder(detail.toString());
    RawRecord raw = detail.raw();
    words.append(raw.key() == null ? "" : raw.key().text());
    words.append(raw.value() == null ? "" : raw.value().text());
    raw.headers().forEach(h -> words.append(h.value() == null ? "" : h.value().text()));
    if (detail.http() != null) {
      words.append(detail.http().response().body().text());
      words.append(detail.http().failureCallbackResponse().body().text());
    }
    return words.toString();
  }
}
