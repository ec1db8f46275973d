// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.LetterId;
import java.util.List;
import java.util.Set;

/**
 * Letters that one filter alone does not describe.
 *
 * @param anyOf those that fit any of these
 * @param named and these, whatever they fit
 */
public record Wanted(List<LetterFilter> anyOf, Set<LetterId> named) {

  public Wanted {
    anyOf = List.copyOf(anyOf);
    named = Set.copyOf(named);
  }
}
