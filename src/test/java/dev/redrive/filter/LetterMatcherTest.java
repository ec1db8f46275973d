// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.Letters;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LetterMatcherTest {
  private static final LetterHead HEAD =
      new LetterHead(
          Letters.facts("billing", "invoice-17"),
          Letters.NOW,
          Letters.NOW,
          Letters.NOW,
          1,
          0,
          List.of(),
          "run_a",
          LetterState.Pending.PLAIN,
          1);
  private static final FailureDetail DETAIL = Letters.detail("{\"amount\": 12}");

  @Test
  void valuesOfOneAttributeAreAlternatives() {
    assertThat(fits(of(Attribute.PIPELINE, "orders", "billing"))).isTrue();
    assertThat(fits(of(Attribute.PIPELINE, "orders", "stock"))).isFalse();
  }

  @Test
  void allAttributesMustFit() {
    LetterFilter both = of(Attribute.PIPELINE, "billing").with(Attribute.LABEL, Set.of("blue"));
    assertThat(fits(both)).isTrue();
    assertThat(fits(both.with(Attribute.STATUS, Set.of("retrying")))).isFalse();
    assertThat(fits(both.with(Attribute.STATUS, Set.of("retrying", "pending")))).isTrue();
  }

  @Test
  void attributesThatALetterLacksDoNotFit() {
    assertThat(fits(of(Attribute.WORKFLOW_RUN, "wfr_1"))).isFalse();
    assertThat(fits(of(Attribute.RESPONSE_STATUS, "500"))).isFalse();
  }

  @Test
  void bothBoundsOfTimeAreInclusive() {
    assertThat(fits(LetterFilter.ALL.between(Letters.NOW, Letters.NOW))).isTrue();
    assertThat(fits(LetterFilter.ALL.between(Letters.NOW + 1, Long.MAX_VALUE))).isFalse();
    assertThat(fits(LetterFilter.ALL.between(Long.MIN_VALUE, Letters.NOW - 1))).isFalse();
  }

  @Test
  void textsAreLookedForInTheirPlaces() {
    assertThat(fits(text("too long", null, null, null))).isTrue();
    assertThat(fits(text("amount", null, null, null))).isFalse();
    assertThat(fits(text(null, "^invoice-[0-9]+$", null, null))).isTrue();
    assertThat(fits(text(null, "oice-1", null, null))).isTrue();
    assertThat(fits(text(null, "^oice", null, null))).isFalse();
    assertThat(fits(text(null, null, "\"amount\": 1", null))).isTrue();
    assertThat(fits(text(null, null, "too long", null))).isFalse();
    assertThat(fits(text(null, null, null, "trac"))).isTrue();
    assertThat(fits(text(null, null, null, "t-1"))).isTrue();
    assertThat(fits(text(null, null, null, "t-2"))).isFalse();
  }

  @Test
  void theDetailIsReadOnlyWhereItDecides() {
    assertThat(LetterMatcher.of(of(Attribute.LABEL, "blue")).needsDetail()).isFalse();
    assertThat(LetterMatcher.of(text(null, "x", null, null)).needsDetail()).isFalse();
    assertThat(LetterMatcher.of(of(Attribute.URL, "x")).needsDetail()).isTrue();
    assertThat(LetterMatcher.of(text(null, null, null, "x")).needsDetail()).isTrue();
  }

  @Test
  void aMaskedFilterLooksAtTheMaskedFormOnly() {
    LetterFilter twelve = text(null, null, "12", null);
    DetailView stars = (pipeline, detail) -> Letters.detail(pipeline + " ***");

    assertThat(fits(twelve, stars)).isTrue();
    assertThat(fits(twelve.asMasked(true), stars)).isFalse();
    assertThat(fits(text(null, null, "billing ***", null).asMasked(true), stars)).isTrue();
  }

  @Test
  void aMaskedFilterWithoutAViewSeesNoTexts() {
    assertThat(fits(text(null, null, "amount", null).asMasked(true))).isFalse();
    assertThat(fits(text("too long", null, null, null).asMasked(true))).isFalse();
    assertThat(fits(text(null, null, null, "t-1").asMasked(true))).isFalse();
    assertThat(fits(of(Attribute.LABEL, "blue").asMasked(true))).isTrue();
  }

  private static boolean fits(LetterFilter filter, DetailView view) {
    return LetterMatcher.of(filter, view).fits(HEAD, DETAIL);
  }

  private static boolean fits(LetterFilter filter) {
    LetterMatcher matcher = LetterMatcher.of(filter);
    return matcher.fits(HEAD) && matcher.fits(HEAD, DETAIL);
  }

  private static LetterFilter of(Attribute attribute, String... values) {
    return LetterFilter.ALL.with(attribute, Set.of(values));
  }

  private static LetterFilter text(String message, String record, String payload, String header) {
    return LetterFilter.ALL.with(new LetterFilter.Text(message, record, payload, header));
  }
}
