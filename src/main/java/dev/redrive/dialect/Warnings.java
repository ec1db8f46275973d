// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import java.util.ArrayList;
import java.util.List;

/**
 * What could not be read as it should have been. Bounded: a record with 10,000 broken headers must
 * not become a letter of 10,000 warnings.
 */
final class Warnings {
  static final int MAX = 20;
  static final int MAX_LENGTH = 300;

  private final List<String> texts = new ArrayList<>(2);

  void add(String warning) {
    if (texts.size() < MAX) {
      texts.add(
          warning.length() <= MAX_LENGTH ? warning : Texts.cut(warning, MAX_LENGTH - 1) + "…");
    } else if (texts.size() == MAX) {
      texts.add("more warnings are left out");
    }
  }

  Warnings copy() {
    Warnings copy = new Warnings();
    copy.texts.addAll(texts);
    return copy;
  }

  List<String> texts() {
    return texts;
  }
}
