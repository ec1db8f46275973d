// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Work outside the stream threads: who does it, in which threads, and what it brought. Knows
 * nothing of the ledger, which keeps what is to be done and decides what follows.
 */
@NullMarked
package dev.redrive.topology.effects;

import org.jspecify.annotations.NullMarked;
