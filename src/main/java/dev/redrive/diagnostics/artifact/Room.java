// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** How much may lie in a directory of artifacts, and what leaves when there is more. */
final class Room {
  /** Each costs a file, memory, and a line in what peers tell each other. */
  static final int MOST = 2_000;

  private Room() {}

  /**
   * Which leave so that the others keep within bounds: the oldest, and no more of them than needed.
   *
   * @param total bytes that those which stay may have
   * @param most how many may stay
   */
  static List<Artifact> leaving(Collection<Artifact> there, long total, int most) {
    long used = there.stream().mapToLong(Artifact::sizeBytes).sum();
    int count = there.size();
    List<Artifact> leaving = new ArrayList<>();
    for (Artifact oldest : there.stream().sorted(oldestFirst()).toList()) {
      if (used <= total && count <= most) {
        return leaving;
      }
      leaving.add(oldest);
      used -= oldest.sizeBytes();
      count--;
    }
    return leaving;
  }

  /**
   * Bytes that a new file may have. The disk is the letters' first: what helps with a failure must
   * not make the next one, so it takes half of what is free at most.
   */
  static long forOne(long maxSize, long free) {
    return Math.min(maxSize, free / 2);
  }

  private static Comparator<Artifact> oldestFirst() {
    return Comparator.comparingLong((Artifact one) -> one.label().createdAt())
        .thenComparing(Artifact::id);
  }
}
