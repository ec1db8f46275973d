// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.alias;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A header that holds a field. */
record Alias(String header, Encoding encoding) {

  static Alias of(Field field, String header) {
    return new Alias(header, field.usual());
  }

  /**
   * A name, then maybe an encoding after a space.
   *
   * @throws IllegalArgumentException where that field is not written so
   */
  static Alias parse(Field field, String text) {
    String[] words = text.strip().split("\\s+", -1);
    if (words.length > 2 || words[0].isEmpty()) {
      throw new IllegalArgumentException(
          field.text() + ": write the header's name, and its encoding after a space if need be");
    }
    return words.length == 1 ? of(field, words[0]) : new Alias(words[0], encoding(field, words[1]));
  }

  private static Encoding encoding(Field field, String text) {
    Optional<Encoding> encoding =
        Arrays.stream(Encoding.values())
            .filter(one -> one.text().equals(text) && field.allows(one))
            .findFirst();
    return encoding.orElseThrow(
        () ->
            new IllegalArgumentException(
                field.text()
                    + ": \""
                    + text
                    + "\" is no encoding of it; write one of "
                    + Arrays.stream(Encoding.values())
                        .filter(field::allows)
                        .map(Encoding::text)
                        .collect(Collectors.joining(", "))));
  }
}
