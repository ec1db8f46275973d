// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterId;

/**
 * A place in an ordered list of letters: after the letter with this time and id.
 *
 * @param failedAt epoch milliseconds
 */
public record PagePosition(long failedAt, LetterId id) {}
