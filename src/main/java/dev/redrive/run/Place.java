// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import dev.redrive.letter.LetterId;

/**
 * How far a walk through letters has got: past this letter.
 *
 * @param order the time of its last failure, epoch milliseconds; of letters that are named one by
 *     one, its number in their list, from 1
 */
public record Place(long order, LetterId id) {}
