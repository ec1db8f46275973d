// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.query.peer.WholeCopies.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WholeCopiesTest {
  private final WholeCopies copies = new WholeCopies();

  @Test
  void copyThatIsBeingMadeIsWholeOnceItHasWhatThereWasWhenItBegan() {
    look(0, 5_000);
    assertThat(copies.contains(0)).isFalse();
    look(4_000, 9_000);
    assertThat(copies.contains(0)).isFalse();
    look(5_000, 14_000);
    assertThat(copies.contains(0)).isTrue();
  }

  @Test
  void copyStaysWholeHoweverFarItFallsBehind() {
    look(5_000, 5_000);
    look(5_000, 90_000);
    assertThat(copies.contains(0)).isTrue();
  }

  @Test
  void offsetsThatNobodyReadsDoNotKeepACopyFromBeingWhole() {
    look(4_990, 5_000);
    assertThat(copies.contains(0)).isTrue();
  }

  @Test
  void copyThatWasDeletedAndBegunAnewIsNotWhole() {
    look(5_000, 5_000);
    look(0, 6_000);
    assertThat(copies.contains(0)).isFalse();
    look(6_000, 6_000);
    assertThat(copies.contains(0)).isTrue();
  }

  @Test
  void copyThatLeftIsForgotten() {
    look(5_000, 5_000);
    copies.look(Map.of());
    assertThat(copies.contains(0)).isFalse();
  }

  private void look(long position, long end) {
    copies.look(Map.of(0, new Place(position, end)));
  }
}
