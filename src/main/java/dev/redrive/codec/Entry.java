// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.command.LetterCommand;
import dev.redrive.command.OutcomeNews;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import org.jspecify.annotations.Nullable;

/** What the ledger reads from its two internal topics. {@link EntryCodec} writes it. */
public sealed interface Entry {

  /**
   * A failed record arrived.
   *
   * @param detail as {@link DetailCodec} wrote it; the ledger stores it without reading it
   */
  record FailureEntry(LetterId id, FailureFacts facts, RawBytes detail) implements Entry {}

  /**
   * Somebody wants something done to a letter.
   *
   * @param deferredSince when the ledger first put it off, epoch milliseconds; 0: it never did
   */
  record CommandEntry(LetterCommand command, long deferredSince) implements Entry {}

  /** A pipeline told how a replay fared. */
  record OutcomeEntry(OutcomeNews news) implements Entry {}

  /** Something about a run. */
  record OfRun(RunEntry entry) implements Entry {}

  /**
   * A task greets itself: only what comes back from its own partition proves that it still owns it.
   */
  record HelloEntry(String nonce) implements Entry {}

  /**
   * Work outside the stream threads has ended. What came of a fetch is not here: the instance that
   * did it has it in memory.
   *
   * @param attempt of the {@link Effect}; news of another one is stale
   * @param failure why this attempt came to nothing, for a person; null: it did not
   * @param reply of a callback; null: it is something else
   */
  record EffectEntry(
      EffectId id, int attempt, @Nullable String failure, @Nullable CallbackReply reply)
      implements Entry {

    /** Of a fetch. */
    public EffectEntry(EffectId id, int attempt, @Nullable String failure) {
      this(id, attempt, failure, null);
    }

    /** Of a callback. */
    public static EffectEntry called(EffectId id, int attempt, CallbackReply reply) {
      return new EffectEntry(id, attempt, null, reply);
    }
  }

  /**
   * A partition has letters of a failure group now, or none any more; for the partition that keeps
   * the group.
   *
   * @param title for a person; empty where it has none any more
   * @param partition whose letters they are
   * @param joined false: none any more
   * @param seen time of the last failure of the letter that changed it, epoch milliseconds
   */
  record GroupEntry(
      String groupId, String title, String pipelineId, int partition, boolean joined, long seen)
      implements Entry {}

  /** A replay landed somewhere. */
  record LandingEntry(Landing landing) implements Entry {}

  /**
   * A failure that does not say which replay it comes from, on its way over the partition that
   * knows what landed where it failed.
   *
   * @param found whether it has been there, and goes to its letter now; it was checked for being a
   *     redelivery there, and there only
   */
  record RoutedFailure(FailureEntry failure, boolean found) implements Entry {}

  /**
   * A replay worked, as far as can be inferred.
   *
   * @param atLetter whether it goes to its letter's partition; else to the landing's
   */
  record InferredEntry(Landing landing, boolean atLetter) implements Entry {}
}
