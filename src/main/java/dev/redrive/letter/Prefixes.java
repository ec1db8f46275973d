// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.ArrayList;
import java.util.List;

/** Starts of texts, kept by their first character so that a look-up compares only a few. */
final class Prefixes {
  private static final int ASCII = 128;

  private final String[][] byFirst = new String[ASCII][];

  Prefixes(List<String> prefixes) {
    for (int first = 0; first < ASCII; first++) {
      List<String> same = new ArrayList<>();
      for (String prefix : prefixes) {
        if (!prefix.isEmpty() && prefix.charAt(0) == first) {
          same.add(prefix);
        }
      }
      byFirst[first] = same.toArray(String[]::new);
    }
  }

  /** Whether the text starts with one of them at this index. */
  boolean matchAt(String text, int index) {
    if (index >= text.length() || text.charAt(index) >= ASCII) {
      return false;
    }
    for (String prefix : byFirst[text.charAt(index)]) {
      if (text.startsWith(prefix, index)) {
        return true;
      }
    }
    return false;
  }
}
