// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/**
 * A message with what changes from record to record cut out: quoted text and every word with a
 * digit in it (numbers, ids, times, versions).
 */
final class MessageShape {
  static final int MAX_SCANNED = 1_000;

  private static final String CUT = "{}";
  private static final String WORD_SIGNS = "_-.:@+/#";
  private static final String QUOTES = "'\"`";

  private MessageShape() {}

  static String of(String message) {
    int end = Math.min(message.length(), MAX_SCANNED);
    StringBuilder shape = new StringBuilder(end);
    int i = 0;
    while (i < end) {
      char c = message.charAt(i);
      int close = QUOTES.indexOf(c) >= 0 ? message.indexOf(c, i + 1) : -1;
      if (close > i && close < end) {
        append(shape, CUT);
        i = close + 1;
      } else if (Character.isLetterOrDigit(c)) {
        int wordEnd = wordEnd(message, i, end);
        append(shape, hasDigit(message, i, wordEnd) ? CUT : message.substring(i, wordEnd));
        i = wordEnd;
      } else {
        append(shape, c <= ' ' ? " " : String.valueOf(c));
        i++;
      }
    }
    return shape.toString().strip();
  }

  /** Repeats of a cut or a blank are one: a list of ids has one shape, however long. */
  private static void append(StringBuilder shape, String part) {
    int length = shape.length();
    boolean repeats =
        (part.equals(" ") && length > 0 && shape.charAt(length - 1) == ' ')
            || (part.equals(CUT) && endsWithCut(shape, length));
    if (!repeats) {
      shape.append(part);
    }
  }

  private static boolean endsWithCut(StringBuilder shape, int length) {
    int end = length;
    while (end > 0 && (shape.charAt(end - 1) == ' ' || shape.charAt(end - 1) == ',')) {
      end--;
    }
    if (end < 2 || shape.charAt(end - 1) != '}' || shape.charAt(end - 2) != '{') {
      return false;
    }
    shape.setLength(end);
    return true;
  }

  private static int wordEnd(String message, int from, int end) {
    int i = from;
    while (i < end
        && (Character.isLetterOrDigit(message.charAt(i))
            || WORD_SIGNS.indexOf(message.charAt(i)) >= 0)) {
      i++;
    }
    // A sign at the end belongs to the sentence.
    while (i > from + 1 && WORD_SIGNS.indexOf(message.charAt(i - 1)) >= 0) {
      i--;
    }
    return i;
  }

  private static boolean hasDigit(String message, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.isDigit(message.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
