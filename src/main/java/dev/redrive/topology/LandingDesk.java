// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Deadline;
import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.Entry.FailureEntry;
import dev.redrive.codec.Landing;
import dev.redrive.codec.RowKey;
import dev.redrive.codec.WaitingFailure;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.ReplayMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Knows which replay landed at the places of one partition, and brings failures that do not name
 * their replay together with it, whichever of the two comes first.
 */
final class LandingDesk {
  private static final ByteArraySerializer PREFIX = new ByteArraySerializer();

  private final KeyValueStore<Bytes, byte[]> store;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private final LedgerOutput output;
  private final long wait;

  /** How many failures wait here; -1 before they were counted. */
  private int waiting = -1;

  LandingDesk(
      KeyValueStore<Bytes, byte[]> store,
      LedgerRows rows,
      LetterChanges changes,
      LedgerOutput output,
      long wait) {
    this.store = store;
    this.rows = rows;
    this.changes = changes;
    this.output = output;
    this.wait = wait;
  }

  /** A replay landed. */
  void landed(Landing landing, long now) {
    store.put(Bytes.wrap(RowKey.landing(landing.place())), landing.encode());
    if (waiting() == 0) {
      return;
    }
    for (KeyValue<Bytes, byte[]> row : rows(RowKey.waiting(landing.place()))) {
      FailureEntry failure = WaitingFailure.decode(row.value).failure();
      if (isOf(failure, landing)) {
        store.delete(row.key);
        waiting--;
        output.found(known(failure, landing), now);
      }
    }
  }

  /** A failure came that may be of a replay. Its redeliveries end here. */
  void seeking(FailureEntry failure, long now) {
    if (changes.redelivered(failure.facts().position())) {
      return;
    }
    rows.mark(failure.facts().position());
    Coordinates place = place(failure).orElse(null);
    byte[] row = place == null ? null : store.get(Bytes.wrap(RowKey.landing(place)));
    Landing landing = row == null ? null : Landing.decode(row);
    if (landing != null) {
      // A replay of another pipeline's landed there: then this is none of ours.
      output.found(isOf(failure, landing) ? known(failure, landing) : failure, now);
    } else if (place == null) {
      output.found(failure, now);
    } else {
      waiting = waiting() + 1;
      store.put(
          Bytes.wrap(RowKey.waiting(place, failure.facts().position())),
          new WaitingFailure(failure, now + wait).encode());
    }
  }

  /** The deadline of a row has come: a landing is forgotten, a failure waits no longer. */
  void due(byte[] rowKey, long now) {
    Bytes key = Bytes.wrap(rowKey);
    byte[] row = store.get(key);
    if (row == null || Deadline.of(row) > now) {
      return;
    }
    int before = RowKey.isWaiting(rowKey) ? waiting() : 0;
    store.delete(key);
    if (RowKey.isWaiting(rowKey)) {
      waiting = before - 1;
      output.found(WaitingFailure.decode(row).failure(), now);
    }
  }

  /** Where the record failed, so where it lay when it did. */
  private static Optional<Coordinates> place(FailureEntry failure) {
    return DetailCodec.decode(failure.detail().array()).source().coordinates();
  }

  private static boolean isOf(FailureEntry failure, Landing landing) {
    return failure.facts().pipelineId().equals(landing.pipelineId());
  }

  private static FailureEntry known(FailureEntry failure, Landing landing) {
    ReplayMark mark = new ReplayMark(landing.runId(), landing.attempt());
    return new FailureEntry(
        landing.letter(), failure.facts().ofReplay(landing.recordId(), mark), failure.detail());
  }

  /** Nearly always none, and then no landing needs to look for them. */
  private int waiting() {
    if (waiting < 0) {
      waiting = rows(RowKey.waiting()).size();
    }
    return waiting;
  }

  private List<KeyValue<Bytes, byte[]>> rows(byte[] prefix) {
    List<KeyValue<Bytes, byte[]>> all = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> found = store.prefixScan(prefix, PREFIX)) {
      found.forEachRemaining(all::add);
    }
    return all;
  }
}
