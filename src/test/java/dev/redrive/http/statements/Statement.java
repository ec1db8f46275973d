// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import dev.redrive.http.Api;

/**
 * One of the numbered statements about what the three APIs do.
 *
 * @param check null: what it is about is not built
 */
record Statement(int number, String text, Check check) {

  /** Fails where the statement does not hold. */
  @FunctionalInterface
  interface Check {
    void on(Api api) throws Exception;
  }

  static Statement missing(int number, String text) {
    return new Statement(number, text, null);
  }
}
