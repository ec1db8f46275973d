// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import dev.redrive.letter.FailureError;
import dev.redrive.letter.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code add} command brings.
 *
 * @param record null where the command has neither key, value nor headers: the letter is then
 *     replayed by reference
 */
public record Added(
    String pipelineId, String recordId, @Nullable RawRecord record, FailureError error) {}
