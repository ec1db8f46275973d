// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/** A dead letter: what is kept for one pipeline and record. */
public record Letter(LetterId id, LetterHead head, FailureDetail detail) {}
