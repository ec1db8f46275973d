// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.List;

/** Native memory that Java does not free by itself. */
final class Natives {

  private Natives() {}

  static void close(List<? extends AutoCloseable> inOrder) {
    RuntimeException first = null;
    for (AutoCloseable each : inOrder) {
      try {
        each.close();
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      } catch (Exception e) {
        throw new IllegalStateException("RocksDB's objects throw nothing checked", e);
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
