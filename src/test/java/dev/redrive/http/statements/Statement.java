// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import dev.redrive.http.Api;
import java.util.concurrent.CompletableFuture;

/**
 * One of the numbered statements about what the three APIs do.
 *
 * @param check of a server whose ledger is in memory; null: it is shown otherwise
 * @param live of a running Redrive; null: it is shown otherwise, or what it is about is not built
 */
record Statement(int number, String text, Check check, Live live) {

  Statement(int number, String text, Check check) {
    this(number, text, check, null);
  }

  /** Fails where the statement does not hold. */
  @FunctionalInterface
  interface Check {
    void on(Api api) throws Exception;
  }

  /** Fails where the statement does not hold. */
  @FunctionalInterface
  interface Live {
    void on(Running redrive) throws Exception;
  }

  static Statement missing(int number, String text) {
    return new Statement(number, text, null, null);
  }

  /** Of a running Redrive. */
  static Statement live(int number, String text, Live check) {
    return new Statement(number, text, null, check);
  }

  /** One that shows several statements, and is tried once for all of them. */
  static Live once(Live check) {
    return new Live() {
      private CompletableFuture<Void> outcome;

      @Override
      public void on(Running redrive) throws Exception {
        if (outcome == null) {
          outcome = new CompletableFuture<>();
          try {
            check.on(redrive);
            outcome.complete(null);
          } catch (Exception | AssertionError e) {
            outcome.completeExceptionally(e);
          }
        }
        outcome.get();
      }
    };
  }
}
