// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header names that any dialect looks for, each with a number, so that one pass over a record's
 * headers serves all dialects.
 */
final class HeaderNames {
  private final Map<String, HeaderName> names = new HashMap<>();

  /**
   * A name of the table.
   *
   * @param number from 0, without gaps
   */
  record HeaderName(String text, int number) {}

  /** The same name for the same text, so that dialects may share one. */
  HeaderName of(String text) {
    return names.computeIfAbsent(text, t -> new HeaderName(t, names.size()));
  }

  @Nullable HeaderName find(String text) {
    return names.get(text);
  }

  int count() {
    return names.size();
  }
}
