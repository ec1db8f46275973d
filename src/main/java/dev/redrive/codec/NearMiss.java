// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class NearMiss {

  /** Longer input is no slip of the finger, and comparing it would cost its square. */
  private static final int LONGEST = 40;

  private NearMiss() {}

  static Optional<String> of(String given, Collection<String> known) {
    if (given.length() > LONGEST) {
      return Optional.empty();
    }
    String plain = plain(given);
    int allowed = Math.max(1, plain.length() / 3);
    return known.stream()
        .filter(name -> distance(plain, plain(name)) <= allowed)
        .min(Comparator.comparingInt(name -> distance(plain, plain(name))));
  }

  private static String plain(String name) {
    StringBuilder letters = new StringBuilder();
    name.chars()
        .filter(Character::isLetterOrDigit)
        .forEach(c -> letters.append((char) Character.toLowerCase(c)));
    return letters.toString();
  }

  /** Levenshtein's: how many characters to insert, remove or change. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int oneMore = Math.min(previous[j], current[j - 1]) + 1;
        current[j] = Math.min(previous[j - 1] + change, oneMore);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
