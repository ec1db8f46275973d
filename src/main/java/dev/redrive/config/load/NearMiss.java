// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
final class NearMiss {

  private NearMiss() {}

  /** The candidate with the fewest changes to the text, unless that is more than a third of it. */
  static Optional<String> of(String text, List<String> candidates) {
    return candidates.stream()
        .filter(candidate -> distance(text, candidate) <= Math.max(2, text.length() / 3))
        .min(Comparator.comparingInt((String candidate) -> distance(text, candidate)));
  }

  /** Insertions, deletions and replacements that turn one text into the other. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[other.length()];
  }
}
