// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.command;

import dev.redrive.letter.LetterId;
import dev.redrive.letter.Outcome;

/** An outcome and the letter it is about. */
public record OutcomeNews(LetterId letter, Outcome outcome) {}
