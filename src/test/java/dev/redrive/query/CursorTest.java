// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.LetterId;
import dev.redrive.store.PagePosition;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  private static final LetterFilter FILTER =
      LetterFilter.ALL.with(Attribute.PIPELINE, Set.of("p")).between(1, 2);
  private static final Walk WALK =
      new Walk(5_000, true, new PagePosition(-17, LetterId.of("p", "r")));

  @Test
  void isReadAsItWasWritten() {
    String text = Cursor.write(WALK, FILTER);
    assertThat(text).matches("[A-Za-z0-9_-]+");
    assertThat(Cursor.read(text, FILTER)).contains(WALK);
  }

  @Test
  void isBoundToItsFilters() {
    String text = Cursor.write(WALK, FILTER);
    assertThat(Cursor.read(text, LetterFilter.ALL)).isEmpty();
    assertThat(
            Cursor.read(text, LetterFilter.ALL.with(Attribute.PIPELINE, Set.of("q")).between(1, 2)))
        .isEmpty();
    assertThat(
            Cursor.read(text, LetterFilter.ALL.with(Attribute.PIPELINE, Set.of("p")).between(1, 3)))
        .isEmpty();
  }

  @Test
  void anyAlteredCharacterIsNoticed() {
    String text = Cursor.write(WALK, FILTER);
    for (int i = 0; i < text.length(); i++) {
      String other =
          text.substring(0, i) + (text.charAt(i) == 'A' ? 'B' : 'A') + text.substring(i + 1);
      assertThat(Cursor.read(other, FILTER)).as("character %d", i).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "äöü", "AAAA", "!!", "%00", "////"})
  void otherTextIsNoCursor(String text) {
    assertThat(Cursor.read(text, FILTER)).isEmpty();
  }
}
