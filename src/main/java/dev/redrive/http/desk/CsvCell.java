// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

/** A text as a cell of a CSV file that no spreadsheet takes for a formula. */
final class CsvCell {
  /** A spreadsheet calculates what begins so, also after it has removed a tab or a line's end. */
  private static final String FORMULA = "=+-@\t\r";

  private CsvCell() {}

  static String of(String text) {
    String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean quoted =
        safe.indexOf(',') >= 0
            || safe.indexOf('"') >= 0
            || safe.indexOf('\n') >= 0
            || safe.indexOf('\r') >= 0;
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }
}
