// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryShareTest {

  @ParameterizedTest
  @CsvSource({
    "1073741824, 8, 512, 128MiB",
    "1073741824, 16, 256, 64MiB",
    "536870912, 16, 256, 32MiB",
    "68719476736, 8, 512, 512MiB",
    "33554432, 16, 256, 8MiB",
  })
  void growsWithTheMemoryWithinBounds(long memory, int parts, int most, String share) {
    assertThat(MemoryShare.of(memory, parts, most)).isEqualTo(share);
  }
}
