// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Bytes to domain and back: stored rows, ledger entries, commands, outcomes, events, results. Every
 * binary layout starts with its version. May use {@code letter}, {@code command} and {@code run}.
 */
@NullMarked
package dev.redrive.codec;

import org.jspecify.annotations.NullMarked;
