// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Calls of failure callbacks over HTTP: what is sent, where it may go, what is kept of the answer.
 * The address comes from a failed record, so whoever writes to an error topic chooses it. May use
 * {@code config}, {@code dialect} and {@code letter}; knows nothing of the ledger, which decides
 * when to call.
 */
@NullMarked
package dev.redrive.callback;

import org.jspecify.annotations.NullMarked;
