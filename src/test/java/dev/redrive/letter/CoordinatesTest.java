// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinatesTest {

  @Test
  void areReadFromTheRightBecauseATopicMayContainDashes() {
    Coordinates place = new Coordinates("orders-eu-1", 3, 1_077_245);

    assertThat(place).hasToString("orders-eu-1-3-1077245");
    assertThat(Coordinates.parse(place.toString())).contains(place);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "orders", "orders-3", "-3-4", "orders-x-4", "orders-3-x", "a-99999999999-1"})
  void areNotReadFromAnythingElse(String text) {
    assertThat(Coordinates.parse(text)).isEmpty();
  }
}
