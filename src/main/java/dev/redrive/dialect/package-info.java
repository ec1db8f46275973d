// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * How each kind of producer writes a dead letter: one class per convention, the rules by which one
 * is recognised, and what a replay takes off again. Pure functions over a record's bytes, which
 * never throw on any of them. Uses the letter package and Jackson, for envelopes only.
 */
@NullMarked
package dev.redrive.dialect;

import org.jspecify.annotations.NullMarked;
