// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.LetterHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What letters are counted by, each by status too. Statistics over a window are sums of these;
 * {@link CounterRows} says how they lie on disk.
 */
enum Counted {
  CODE('c', Span.SLOT, Span.HOUR, Span.DAY, Span.ALL) {
    @Override
    Name of(LetterHead head) {
      return new Name(head.facts().pipelineId(), head.facts().errorCode());
    }
  },
  /** Letters without a group are in none. */
  GROUP('g', Span.SLOT, Span.HOUR, Span.DAY, Span.ALL) {
    @Override
    @Nullable Name of(LetterHead head) {
      String group = head.facts().groupId();
      return group == null ? null : new Name(head.facts().pipelineId(), group);
    }
  },
  /** For the series of hours, which would read too many rows of the others. */
  PIPELINE('p', Span.HOUR, Span.ALL) {
    @Override
    Name of(LetterHead head) {
      return new Name(head.facts().pipelineId(), null);
    }
  };

  private final int id;

  /** Never changed, but its type does not say so. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Span> spans;

  /**
   * A pipeline and, of it, an error code or a group.
   *
   * @param value null: the letters have none
   */
  record Name(String pipelineId, @Nullable String value) {}

  Counted(int id, Span... spans) {
    this.id = id;
    this.spans = List.of(spans);
  }

  /** Under which name a letter is counted; null: it is not. */
  abstract @Nullable Name of(LetterHead head);

  /** In keys. */
  int id() {
    return id;
  }

  /** {@link Span#ALL} is always one of them. */
  List<Span> spans() {
    return spans;
  }
}
