// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names places in a JSON value: {@code $} and then {@code .name}, {@code ['any name']}, {@code [*]}
 * (every element of an array, every field of an object) or {@code ..name} (fields of that name at
 * any depth).
 *
 * @param text as it was written
 */
public record MaskPath(String text, List<Step> steps) {
  private static final Pattern STEP =
      Pattern.compile("(\\.{1,2})([^.\\[\\]'*\\s]+)|\\['([^']+)']|(\\[\\*])");

  /** One part of a path. */
  public sealed interface Step {}

  /** The field of this name. */
  public record Name(String name) implements Step {}

  /** Fields of this name, here and at any depth below. */
  public record Anywhere(String name) implements Step {}

  /** Every element or field. */
  public record Each() implements Step {}

  public MaskPath {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static MaskPath parse(String text) {
    if (!text.startsWith("$")) {
      throw new IllegalArgumentException(text);
    }
    List<Step> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(text);
    int at = 1;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException(text);
      }
      steps.add(step(matcher));
      at = matcher.end();
    }
    return new MaskPath(text, steps);
  }

  private static Step step(Matcher matcher) {
    if (matcher.group(4) != null) {
      return new Each();
    }
    if (matcher.group(3) != null) {
      return new Name(matcher.group(3));
    }
    return matcher.group(1).equals(".")
        ? new Name(matcher.group(2))
        : new Anywhere(matcher.group(2));
  }

  @Override
  public String toString() {
    return text;
  }
}
