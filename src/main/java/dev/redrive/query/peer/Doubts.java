// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The peers that lately gave no answer. Else every read would wait for one that hangs or whose
 * machine is gone, until the group has noticed.
 */
final class Doubts {
  private final long forNanos;
  private final Map<URI, Long> since = new ConcurrentHashMap<>();

  /** Each peer is doubted for so long after it gave no answer. */
  Doubts(Duration length) {
    this.forNanos = length.toNanos();
  }

  boolean of(URI peer) {
    Long at = since.get(peer);
    return at != null && System.nanoTime() - at < forNanos;
  }

  void silent(URI peer) {
    since.put(peer, System.nanoTime());
  }

  void answered(URI peer) {
    since.remove(peer);
  }
}
