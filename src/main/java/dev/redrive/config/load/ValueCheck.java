// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.load.SettingEntry.Shape;
import java.time.DateTimeException;
import java.util.Optional;

/** Whether a value is one of its setting's, said in the operator's words. */
final class ValueCheck {

  private ValueCheck() {}

  /** What is wrong with the value; secret ones are not repeated. */
  static Optional<String> problem(SettingEntry entry, String text) {
    String shown = entry.doc().secret() ? "the value" : '"' + text + '"';
    if (text.isBlank() && entry.shape() != Shape.MAP) {
      return Optional.of("has an empty value in its list");
    }
    ValueKind kind = ValueKind.of(entry.type());
    try {
      return outOfRange(entry, kind, kind.parse().apply(text)).map(range -> shown + " is " + range);
    } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
      return Optional.of(shown + " is not " + kind.what());
    }
  }

  private static Optional<String> outOfRange(SettingEntry entry, ValueKind kind, Object value) {
    String min = entry.doc().min();
    String max = entry.doc().max();
    if (!min.isEmpty() && compare(value, kind.parse().apply(min)) < 0) {
      return Optional.of("too small; the least is " + min);
    }
    if (!max.isEmpty() && compare(value, kind.parse().apply(max)) > 0) {
      return Optional.of("too large; the most is " + max);
    }
    return Optional.empty();
  }

  @SuppressWarnings("unchecked") // Both were read by the same parser.
  private static int compare(Object value, Object bound) {
    return ((Comparable<Object>) value).compareTo(bound);
  }
}
