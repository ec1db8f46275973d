// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.LetterHead;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The highest intake marks and change number that any row ever told: every letter's head carries
 * both, so that an arrival costs no row of their own. They never fall.
 *
 * <p>One thread raises and commits; the committed side may be read by any.
 */
final class HighWater {
  private final Map<Bytes, IntakeMark> marks = new ConcurrentHashMap<>();
  private final Map<Bytes, IntakeMark> raised = new HashMap<>();
  private volatile long change;
  private long raisedChange;

  void load(View view) {
    change = Meta.number(view.get(Family.META, Meta.CHANGE), 0);
    view.scan(
        Family.META,
        new byte[] {Meta.MARK},
        new byte[] {Meta.MARK + 1},
        false,
        (key, value) -> {
          byte[] rowKey = new KeyReader(key, 1).rest();
          marks.put(Bytes.wrap(rowKey), IntakeMark.decode(value));
          return true;
        });
  }

  void raise(LetterHead head) {
    if (head.facts().position().exists()) {
      raise(
          Bytes.wrap(RowKey.mark(head.facts().position())), IntakeMark.of(head.facts().position()));
    }
    raise(head.change());
  }

  void raise(Bytes markKey, IntakeMark mark) {
    IntakeMark known = mark(markKey, true);
    if (known == null || known.compareTo(mark) < 0) {
      raised.put(markKey, mark);
    }
  }

  void raise(long number) {
    raisedChange = Math.max(raisedChange, number);
  }

  @Nullable IntakeMark mark(Bytes markKey, boolean uncommitted) {
    IntakeMark raisedMark = uncommitted ? raised.get(markKey) : null;
    return raisedMark == null ? marks.get(markKey) : raisedMark;
  }

  /** 0 before the first change. */
  long change(boolean uncommitted) {
    return uncommitted ? Math.max(raisedChange, change) : change;
  }

  /** The committed marks. */
  Map<Bytes, IntakeMark> marks() {
    return marks;
  }

  void writeTo(Batch batch) {
    raised.forEach((key, mark) -> batch.put(Family.META, Meta.mark(key.get()), mark.encode()));
    if (raisedChange > change) {
      batch.put(Family.META, Meta.CHANGE, Meta.number(raisedChange));
    }
  }

  /** What was raised is on disk, so readers may know. */
  void publish() {
    marks.putAll(raised);
    change = Math.max(change, raisedChange);
    drop();
  }

  void drop() {
    raised.clear();
    raisedChange = 0;
  }
}
