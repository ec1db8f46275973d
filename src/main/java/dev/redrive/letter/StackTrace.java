// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a printed Java stack trace where the failure is from. A plain scan: it runs for every
 * failure that arrives, on text that may be hostile.
 */
final class StackTrace {
  /** Of a longer trace only this many last characters are read: the deepest cause is at the end. */
  static final int MAX_SCANNED = 32 * 1024;

  private static final int MAX_FRAMES = 200;
  private static final String CAUSED_BY = "\nCaused by: ";
  private static final String AT = "at ";
  private static final Prefixes NONE = new Prefixes(List.of());

  private StackTrace() {}

  /**
   * @param frame class and method of the first application frame, normalised; else of the first
   *     frame at all; null where the text has none
   */
  record Cause(@Nullable String className, @Nullable String frame) {}

  static Cause deepestCause(String trace, Prefixes frameworks) {
    int from = Math.max(0, trace.length() - MAX_SCANNED);
    int deepest = -1;
    int found = trace.indexOf(CAUSED_BY, from);
    while (found >= 0) {
      deepest = found;
      found = trace.indexOf(CAUSED_BY, found + CAUSED_BY.length());
    }
    boolean isHead = deepest < 0;
    int start = isHead ? 0 : deepest + CAUSED_BY.length();
    String frame = applicationFrame(trace, start, frameworks);
    if (frame == null && !isHead) {
      // A cause inside a framework shares its lower frames with what wraps it ("... 12 more").
      frame = applicationFrame(trace, 0, frameworks);
    }
    if (frame == null) {
      frame = applicationFrame(trace, start, NONE);
    }
    return new Cause(className(trace, start), frame);
  }

  /** The text up to a colon or the line's end, where it can be a class name. */
  private static @Nullable String className(String trace, int start) {
    int end = start;
    while (end < trace.length() && isNamePart(trace.charAt(end))) {
      end++;
    }
    boolean ended = end == trace.length() || trace.charAt(end) == ':' || trace.charAt(end) < ' ';
    return ended && end > start ? trace.substring(start, end) : null;
  }

  private static @Nullable String applicationFrame(String trace, int start, Prefixes frameworks) {
    int limit = Math.min(trace.length(), start + MAX_SCANNED);
    int line = trace.indexOf('\n', start) + 1;
    for (int frames = 0; line > 0 && line < limit && frames < MAX_FRAMES; frames++) {
      int at = afterIndent(trace, line);
      if (trace.startsWith(AT, at)) {
        int name = afterModule(trace, at + AT.length());
        int end = nameEnd(trace, name);
        if (!frameworks.matchAt(trace, name) && isOwn(trace, name, end)) {
          return ClassNames.normalised(trace.substring(name, end));
        }
      }
      line = trace.indexOf('\n', line) + 1;
    }
    return null;
  }

  private static int afterIndent(String trace, int line) {
    int at = line;
    while (at < trace.length() && (trace.charAt(at) == '\t' || trace.charAt(at) == ' ')) {
      at++;
    }
    return at;
  }

  /**
   * Past a class loader's or module's name: {@code app//a.B.c} or {@code java.base/a.B.c}. The
   * slash in the name of a lambda's class comes after a {@code $}.
   */
  private static int afterModule(String trace, int from) {
    int start = from;
    for (int i = from; i < trace.length(); i++) {
      char c = trace.charAt(i);
      if (c == '/') {
        start = i + 1;
      } else if (c == '$' || (!isNamePart(c) && c != '@' && c != '-')) {
        return start;
      }
    }
    return start;
  }

  private static int nameEnd(String trace, int from) {
    int end = from;
    while (end < trace.length() && isNamePart(trace.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Not a class that a proxy or reflection made at run time. */
  private static boolean isOwn(String trace, int from, int end) {
    if (end <= from) {
      return false;
    }
    int proxy = trace.indexOf("$Proxy", from);
    return proxy < 0 || proxy >= end;
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '$' || c == '<' || c == '>';
  }
}
