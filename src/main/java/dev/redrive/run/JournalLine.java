// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import org.jspecify.annotations.Nullable;

/**
 * What the run's journal says of one letter.
 *
 * @param attempt number of its replay; 0 where none was sent
 * @param at when that came to be, epoch milliseconds
 * @param reason why it was refused, as a refusal's word; else null
 * @param inferred whether nobody told that it succeeded: it was concluded
 */
public record JournalLine(
    LetterOutcome outcome, int attempt, long at, @Nullable String reason, boolean inferred) {}
