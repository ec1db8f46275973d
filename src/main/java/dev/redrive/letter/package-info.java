// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What a letter is: its id, its states and the rules by which it changes. Pure: no Kafka, no JSON,
 * no I/O, and time is handed in. Uses nothing else of Redrive.
 */
@NullMarked
package dev.redrive.letter;

import org.jspecify.annotations.NullMarked;
