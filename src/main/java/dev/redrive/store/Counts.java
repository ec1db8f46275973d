// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a {@link CountQuery}.
 *
 * @param statistics of those that were looked at
 * @param lookedTo failed time of the last letter that was looked at, epoch milliseconds, where the
 *     work was used up before the end; null: all were
 */
public record Counts(Statistics statistics, @Nullable Long lookedTo) {}
