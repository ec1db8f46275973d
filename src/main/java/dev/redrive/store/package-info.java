// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The letter store: rows in RocksDB with indexes and counters derived from them, an overlay for
 * what is not committed yet, and the queries it answers. May use {@code letter} and {@code codec}.
 */
@NullMarked
package dev.redrive.store;

import org.jspecify.annotations.NullMarked;
