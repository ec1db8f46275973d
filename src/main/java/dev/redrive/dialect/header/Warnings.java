// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import java.util.ArrayList;
import java.util.List;

/**
 * What could not be read as it should have been. Bounded: a record with 10,000 broken headers must
 * not become a letter of 10,000 warnings.
 */
public final class Warnings {
  public static final int MAX = 20;
  public static final int MAX_LENGTH = 300;

  private final List<String> texts = new ArrayList<>(2);

  public void add(String warning) {
    if (texts.size() < MAX) {
      texts.add(
          warning.length() <= MAX_LENGTH ? warning : Texts.cut(warning, MAX_LENGTH - 1) + "…");
    } else if (texts.size() == MAX) {
      texts.add("more warnings are left out");
    }
  }

  public Warnings copy() {
    Warnings copy = new Warnings();
    copy.texts.addAll(texts);
    return copy;
  }

  public List<String> texts() {
    return texts;
  }
}
