// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.letter.Letter;
import dev.redrive.store.LetterScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * The scans that peers have open here. One whose peer is gone ends when the store closes it, at the
 * time that its query said.
 */
final class OpenScans {
  /** Each holds a snapshot, which keeps on disk what is deleted. */
  private static final int MOST = 64;

  /** About as many letters in one message, since each costs a way there and back. */
  private static final int TOGETHER = 512;

  private static final int MOST_LOOKS = 8;

  private final Map<String, Open> open = new ConcurrentHashMap<>();

  private record Open(LetterScan scan, long until) {}

  /** Empty where there are too many; the scan is closed then. */
  Optional<String> add(LetterScan scan, long until, long now) {
    open.values().removeIf(one -> one.until <= now);
    if (open.size() >= MOST) {
      scan.close();
      return Optional.empty();
    }
    String id = UUID.randomUUID().toString();
    open.put(id, new Open(scan, until));
    return Optional.of(id);
  }

  /** Empty where there is none of this id, or it can't go on. */
  Optional<ScanReply> next(String id) {
    Open found = open.get(id);
    if (found == null) {
      return Optional.empty();
    }
    try {
      List<Letter> letters = new ArrayList<>();
      for (int looks = 0; looks < MOST_LOOKS && letters.size() < TOGETHER; looks++) {
        if (found.scan.ended()) {
          break;
        }
        letters.addAll(found.scan.next());
      }
      return Optional.of(new ScanReply(letters, found.scan.ended()));
    } catch (InvalidStateStoreException e) {
      close(id);
      return Optional.empty();
    }
  }

  void close(String id) {
    Open closing = open.remove(id);
    if (closing != null) {
      closing.scan.close();
    }
  }
}
