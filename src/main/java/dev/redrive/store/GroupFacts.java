// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.FailureGroup;
import org.jspecify.annotations.Nullable;

/**
 * What one partition knows of a failure group.
 *
 * @param group as a whole, where this partition keeps it
 * @param newest the letter of it here that failed last; null: there is none, or none was found
 *     among many of other pipelines
 */
public record GroupFacts(@Nullable FailureGroup group, @Nullable PagePosition newest) {}
