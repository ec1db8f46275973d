// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import java.util.Set;

/**
 * Which letters are asked for: those that fit all of these.
 *
 * @param pipelines only these pipelines'; empty: every pipeline's
 * @param since earliest time of the last failure, inclusive, epoch milliseconds
 * @param until latest time of the last failure, inclusive, epoch milliseconds
 */
public record LetterFilter(Set<String> pipelines, long since, long until) {
  public static final LetterFilter ALL = new LetterFilter(Set.of(), Long.MIN_VALUE, Long.MAX_VALUE);

  public LetterFilter {
    pipelines = Set.copyOf(pipelines);
  }
}
