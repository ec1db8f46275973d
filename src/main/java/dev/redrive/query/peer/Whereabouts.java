// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of the other instances has which partition, as far as is known. */
public interface Whereabouts {

  /**
   * The instances that have a partition, this one left out.
   *
   * @param active null: this one, or nobody knows
   */
  record Holders(@Nullable URI active, List<URI> standbys) {
    public Holders {
      standbys = List.copyOf(standbys);
    }
  }

  /** What is known of these; a partition of which nothing is known is left out. */
  Map<Integer, Holders> of(Set<Integer> partitions);
}
