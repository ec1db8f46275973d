// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.Matcher;

/**
 * A regular expression on record ids, found anywhere in them. RE2 runs in time linear in the id,
 * and an expression that would compile to a huge program is refused, so a hostile one costs no more
 * than a plain one.
 */
public final class RecordIdPattern {
  private static final int MAX_LENGTH = 500;

  /** Repetitions inside repetitions multiply: this is what all of them together may come to. */
  private static final long MAX_REPEATS = 1_000;

  private static final java.util.regex.Pattern REPEAT =
      java.util.regex.Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?}");

  private final Pattern pattern;

  private RecordIdPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException with a message for its writer
   */
  public static RecordIdPattern of(String expression) {
    if (expression.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("must have at most " + MAX_LENGTH + " characters");
    }
    if (repeats(expression) > MAX_REPEATS) {
      throw new IllegalArgumentException(
          "its repetitions multiply to more than " + MAX_REPEATS + "; use * or +");
    }
    try {
      return new RecordIdPattern(Pattern.compile(expression));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "is no regular expression (RE2): " + e.getDescription() + " at " + e.getPattern(), e);
    }
  }

  public boolean foundIn(String recordId) {
    return pattern.matcher(recordId).find();
  }

  private static long repeats(String expression) {
    long product = 1;
    Matcher repeat = REPEAT.matcher(expression);
    while (repeat.find() && product <= MAX_REPEATS) {
      String most =
          repeat.group(2) == null || repeat.group(2).isEmpty() ? repeat.group(1) : repeat.group(2);
      product *= Math.max(1, Long.parseLong(most));
    }
    return product;
  }
}
