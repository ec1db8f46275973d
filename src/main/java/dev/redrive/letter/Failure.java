// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/**
 * One arrival of a failed record on an error topic.
 *
 * @param id the letter it belongs to: the one that the record's headers name, else that of its
 *     pipeline and record
 */
public record Failure(LetterId id, FailureFacts facts, FailureDetail detail) {}
