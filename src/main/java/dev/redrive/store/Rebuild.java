// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.HeadCodec;
import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import java.util.Arrays;
import java.util.Set;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes index rows and counters anew where another version of Redrive has derived them. */
final class Rebuild {
  private static final Logger LOGGER = LoggerFactory.getLogger(Rebuild.class);
  private static final int ROWS_A_BATCH = 5_000;

  private final LetterDatabase database;

  private Rebuild(LetterDatabase database) {
    this.database = database;
  }

  /**
   * Also writes the versions of a database that has just been made.
   *
   * @param arrivals the pipelines of the {@link ArrivalIndex}
   */
  static void whereNeeded(LetterDatabase database, Set<String> arrivals, long now)
      throws RocksDBException {
    long version = Meta.number(database.get(Family.META, Meta.DERIVED), 0);
    boolean fresh = database.get(Family.META, Meta.LAYOUT) == null;
    boolean listed = ArrivalIndex.decode(database.get(Family.META, Meta.ARRIVALS)).equals(arrivals);
    database.arrivals(arrivals);
    if (!fresh && (version != LetterIndex.VERSION || !listed)) {
      LOGGER
          .atInfo()
          .addKeyValue("directory", database.directory())
          .addKeyValue("from", version)
          .addKeyValue("to", LetterIndex.VERSION)
          .log("the letter store's indexes are made anew");
      new Rebuild(database).run();
    }
    Batch batch = database.newBatch();
    batch.put(Family.META, Meta.LAYOUT, Meta.number(Meta.LAYOUT_VERSION));
    batch.put(Family.META, Meta.ARRIVALS, ArrivalIndex.encode(arrivals));
    batch.put(Family.META, Meta.DERIVED, Meta.number(LetterIndex.VERSION));
    batch.put(Family.META, Meta.ALIVE, Meta.number(now));
    database.write(batch);
  }

  private void run() throws RocksDBException {
    database.deleteAll(Family.INDEX);
    database.deleteAll(Family.COUNTERS);
    database.names().clear();
    Batch batch = database.newBatch();
    byte[] from = {0};
    long letters = 0;
    while (from.length > 0) {
      Derivation derivation = new Derivation(batch, database.arrivals());
      from = derive(from, derivation);
      derivation.writeIndex();
      derivation.writeCounters(database.names(), key -> database.get(Family.COUNTERS, key));
      letters += derivation.letters();
      batch.put(Family.META, Meta.LETTERS, Meta.number(letters));
      database.write(batch);
    }
  }

  /** Derives from the next rows and answers where to go on; empty at the end. */
  private byte[] derive(byte[] from, Derivation derivation) {
    return database.read(
        view -> {
          int[] seen = {0};
          byte[][] next = {new byte[0]};
          view.scan(
              Family.ROWS,
              from,
              new byte[] {(byte) 0xFF},
              false,
              (key, value) -> {
                if (seen[0]++ == ROWS_A_BATCH) {
                  next[0] = Arrays.copyOf(key, key.length);
                  return false;
                }
                derive(view, key, value, derivation);
                return true;
              });
          return next[0];
        });
  }

  private static void derive(View view, byte[] key, byte[] value, Derivation derivation) {
    if (key[0] == RowKey.LETTER) {
      LetterId id = RowKey.letterId(key);
      byte[] head = view.get(Family.ROWS, RowKey.head(id));
      LetterHead inHead = head == null ? null : HeadCodec.decode(head);
      derivation.letter(id, null, LetterChange.effective(LetterRow.head(value), inHead));
    } else if (DueIndex.has(key[0])) {
      derivation.dated(key, null, value);
    }
  }
}
