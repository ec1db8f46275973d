// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterId;
import dev.redrive.run.LetterOutcome;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * What a run's journal says of this partition's letters, by ascending id.
 *
 * @param outcome only letters with this outcome; null: any
 * @param after only letters with a higher id; null: from the start
 * @param limit letters at most, from 1
 */
public record RunLettersQuery(
    String runId, @Nullable LetterOutcome outcome, @Nullable LetterId after, int limit)
    implements Query<RunLetters> {}
