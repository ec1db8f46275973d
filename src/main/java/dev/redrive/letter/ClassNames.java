// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/** Class and method names without what a compiler or a proxy adds anew in each build. */
final class ClassNames {
  private static final int MAX = 300;

  private ClassNames() {}

  /**
   * Cut at the first {@code $$} (proxies and lambda classes), without numbers after {@code $}
   * (anonymous classes, {@code lambda$work$3}).
   */
  static String normalised(String name) {
    int end = Math.min(name.length(), MAX);
    int proxy = name.indexOf("$$");
    if (proxy > 0 && proxy < end) {
      // The method after a proxy's class still counts: a.B$$SpringCGLIB$$0.work is a.B.work.
      int method = name.lastIndexOf('.', end - 1);
      String rest = method > proxy ? name.substring(method, end) : "";
      return withoutNumbers(name.substring(0, proxy) + rest);
    }
    return withoutNumbers(end == name.length() ? name : name.substring(0, end));
  }

  /** The part after the last dot. */
  static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }

  private static String withoutNumbers(String name) {
    if (name.indexOf('$') < 0) {
      return name;
    }
    StringBuilder kept = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != '$' || !isNumber(name, i + 1)) {
        kept.append(name.charAt(i));
        continue;
      }
      while (i + 1 < name.length() && isDigit(name.charAt(i + 1))) {
        i++;
      }
    }
    return kept.toString();
  }

  private static boolean isNumber(String name, int from) {
    return from < name.length() && isDigit(name.charAt(from));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
