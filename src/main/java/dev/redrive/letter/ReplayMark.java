// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * What a failure or an outcome says about the replay it comes from.
 *
 * @param attempt number of the replay, from 1; null where it does not say
 */
public record ReplayMark(@Nullable String runId, @Nullable Integer attempt) {}
