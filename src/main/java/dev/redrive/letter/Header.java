// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/** One header of a record. A value may be null, which is neither absent nor empty. */
public record Header(String name, @Nullable RawBytes value) {

  public static Header utf8(String name, String value) {
    return new Header(name, RawBytes.utf8(value));
  }
}
