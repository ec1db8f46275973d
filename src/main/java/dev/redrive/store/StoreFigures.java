// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.jspecify.annotations.Nullable;

/**
 * Figures of one open store, for metrics and for seeing what a restart cost.
 *
 * @param letters in the committed state
 * @param rows of all kinds, about
 * @param diskBytes of the database's tables
 * @param restored records read from the changelog since the process started
 * @param changelogOffset of the last changelog record in the committed state; null: unknown
 * @param uncommittedBytes about the memory of what is not committed
 * @param change number of the last change that queries see
 */
public record StoreFigures(
    String store,
    int partition,
    long letters,
    long rows,
    long diskBytes,
    long restored,
    @Nullable Long changelogOffset,
    long uncommittedBytes,
    long change) {}
