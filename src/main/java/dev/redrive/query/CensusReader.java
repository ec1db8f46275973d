// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.PartitionAnswer.Served;
import dev.redrive.store.Census;
import dev.redrive.store.CensusQuery;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Counts the letters of those partitions that answer now, without waiting for others. */
public record CensusReader(Partitions partitions) {

  /** By partition; one that is elsewhere, moving or being restored is left out. */
  public Map<Integer, Census> read() {
    Set<Integer> all =
        IntStream.range(0, partitions.count()).boxed().collect(Collectors.toUnmodifiableSet());
    Map<Integer, Census> found = new TreeMap<>();
    partitions
        .ask(new CensusQuery(), all)
        .forEach(
            (partition, answer) -> {
              if (answer instanceof Served<Census> served) {
                found.put(partition, served.value());
              }
            });
    return found;
  }
}
