// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.alias;

import java.util.Locale;

/** How a header's value is written. */
enum Encoding {
  /** UTF-8. */
  TEXT,
  /** A whole number in ASCII digits. */
  DECIMAL,
  /** 4 bytes, big-endian. */
  INT32,
  /** 8 bytes, big-endian. */
  INT64,
  /** 1 to 8 bytes, big-endian, two's complement. */
  BIGINT,
  /** ISO-8601 with a zone, or decimal epoch milliseconds. */
  TIME;

  /** As it is written in the settings. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isNumber() {
    return this != TEXT && this != TIME;
  }
}
