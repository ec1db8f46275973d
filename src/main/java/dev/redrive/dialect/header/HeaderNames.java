// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header names that any dialect looks for, each with a number, so that one pass over a record's
 * headers serves all dialects.
 */
public final class HeaderNames {
  private final Map<String, HeaderName> names = new HashMap<>();

  /**
   * A name of the table.
   *
   * @param number from 0, without gaps
   */
  public record HeaderName(String text, int number) {}

  /** The same name for the same text, so that dialects may share one. */
  public HeaderName of(String text) {
    return names.computeIfAbsent(text, t -> new HeaderName(t, names.size()));
  }

  public @Nullable HeaderName find(String text) {
    return names.get(text);
  }

  public int count() {
    return names.size();
  }
}
