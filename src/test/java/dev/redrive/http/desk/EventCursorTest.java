// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.http.Problem;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EventCursorTest {
  private final EventCursor cursors = new EventCursor(new byte[32]);

  @Test
  void readsWhatItHasWritten() {
    Map<Integer, Long> below = Map.of(0, 17L, 3, Long.MAX_VALUE);

    assertThat(cursors.read(cursors.write(new TreeMap<>(below)))).isEqualTo(below);
  }

  @Test
  void whatIsNoCursorIsTheCallersFaultHoweverShortItIs() {
    for (int length = 0; length < 80; length++) {
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[length]);
      assertThatThrownBy(() -> cursors.read(text))
          .as("%s bytes", length)
          .isInstanceOf(Problem.class);
    }
    assertThatThrownBy(() -> cursors.read("9223372036854775807")).isInstanceOf(Problem.class);
    assertThatThrownBy(() -> cursors.read("?")).isInstanceOf(Problem.class);
  }
}
