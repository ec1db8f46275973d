// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Reading the ledger's partitions and merging what they say, and sending it commands. Knows which
 * partition gave what, so that a partial answer is never taken for a whole one. May use {@code
 * config}, {@code letter}, {@code command}, {@code codec}, {@code store} and {@code topology}.
 */
@NullMarked
package dev.redrive.query;

import org.jspecify.annotations.NullMarked;
