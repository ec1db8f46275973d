// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.Original;
import dev.redrive.topology.effects.Fetched;
import dev.redrive.topology.effects.Originals;

/**
 * Originals, with a count of how their reading ends.
 *
 * @param originals where they come from
 */
public record CountedOriginals(Originals originals, LedgerFigures figures) implements Originals {

  @Override
  public Fetched read(Original original) throws NotReadException {
    try {
      Fetched fetched = originals.read(original);
      (fetched instanceof Fetched.Found ? figures.originalsFound : figures.originalsGone)
          .increment();
      return fetched;
    } catch (NotReadException e) {
      figures.originalsFailed.increment();
      throw e;
    }
  }
}
