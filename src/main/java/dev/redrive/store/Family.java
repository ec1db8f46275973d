// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.nio.charset.StandardCharsets;

/** The column families of a database. */
enum Family {
  /**
   * RocksDB wants a family of this name. Changelog offset, high-water marks, versions: {@link
   * Meta}.
   */
  META("default"),
  /** The rows that are in the changelog. */
  ROWS("rows"),
  /** {@link LetterIndex} and {@link DueIndex}. */
  INDEX("index"),
  /** {@link CounterRows} and {@link CounterNames}. */
  COUNTERS("counters");

  private final String rocksName;

  Family(String rocksName) {
    this.rocksName = rocksName;
  }

  byte[] rocksName() {
    return rocksName.getBytes(StandardCharsets.UTF_8);
  }
}
