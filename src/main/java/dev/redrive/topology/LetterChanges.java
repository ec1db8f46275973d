// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Effect;
import dev.redrive.codec.EffectId;
import dev.redrive.letter.CallbackRules;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.RetryPolicy;
import dev.redrive.letter.Step;
import dev.redrive.topology.LedgerRows.Stored;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Carries out what the rules decided for a letter: its rows, its event, its figures. */
final class LetterChanges {
  private final LedgerRows rows;
  private final LedgerOutput output;
  private final LedgerFigures figures;
  private final ShareBook shares;
  private final GroupDesk groups;
  private final PipelineRules pipelines;
  private final ReplayLimits limits;
  private final Effects effects;

  LetterChanges(
      LedgerParts parts,
      LedgerRows rows,
      LedgerOutput output,
      ShareBook shares,
      GroupDesk groups,
      ReplayLimits limits,
      Effects effects) {
    this.effects = effects;
    this.groups = groups;
    this.rows = rows;
    this.output = output;
    this.figures = parts.figures();
    this.shares = shares;
    this.pipelines = parts.pipelines();
    this.limits = limits;
  }

  /** Whether this failure is a redelivery, which changes nothing. */
  boolean redelivered(DeadLetterPosition position) {
    boolean seen = rows.seen(position);
    (seen ? figures.redeliveries : figures.failures).increment();
    return seen;
  }

  /**
   * Does the step.
   *
   * @return number of the change, or 0 where nothing changed
   */
  long apply(LetterId id, @Nullable Stored old, Step step, News news, long now) {
    shares.changed(id, old == null ? null : old.head(), step, news.cause(), now);
    if (CallbackRules.ends(old == null ? null : old.head(), step)) {
      effects.closeAll(id, EffectId.Kind.CALLBACK);
    }
    if (step instanceof Step.Write write) {
      RetryPolicy policy = pipelines.retry(write.head()).orElse(null);
      LetterHead decided = policy == null ? write.head() : policy.scheduled(id, write, now);
      long number = write.told().ofCallback() ? rows.markChange() : rows.nextChange();
      LetterHead told = decided.withChange(number);
      // A run leaves out what has changed since it began; how a callback fares is no such change.
      LetterHead head = write.told().ofCallback() ? decided : told;
      switch (write.detail()) {
        case KEEP -> rows.writeHead(id, head);
        case REPLACE ->
            rows.write(id, old, head, Objects.requireNonNull(news.detail(), "no detail").array());
        case REPLACE_BUT_SOURCE ->
            rows.writeReplay(
                id,
                Objects.requireNonNull(old, "no letter"),
                head,
                Objects.requireNonNull(news.detail(), "no detail").array());
        case MERGE_ERROR ->
            rows.writeError(id, Objects.requireNonNull(old, "no letter"), head, news.error());
      }
      groups.moved(old, head, news, now);
      count(write.told());
      if (write.told() == LetterEvent.REPLAYED) {
        limits.sent(head.facts().pipelineId(), now);
      }
      if (pipelines.callbacks().isPresent()
          && CallbackRules.begins(old == null ? null : old.head(), write)) {
        effects.open(EffectId.callback(id, number), Effect.Callback.FIRST, now);
      }
      output.letter(id, told, write.told(), news.ofRun(runOf(old)).cause(), now);
      Step parking = policy == null ? null : policy.parking(head, write.told(), now).orElse(null);
      return parking == null ? number : apply(id, rows.letter(id), parking, News.NONE, now);
    }
    if (step instanceof Step.Remove remove) {
      long number = rows.nextChange();
      rows.remove(id, Objects.requireNonNull(old, "no letter"), number);
      groups.moved(old, null, news, now);
      count(remove.told());
      if (news.cause().inferred()) {
        figures.inferred.increment();
      }
      output.letter(
          id, remove.last().withChange(number), remove.told(), news.ofRun(runOf(old)).cause(), now);
      return number;
    }
    if (step instanceof Step.Ignore ignore) {
      output.ignored(
          id,
          old == null ? null : old.head(),
          ignore.told(),
          news.because(ignore.why()).cause(),
          now);
    }
    return 0;
  }

  /** The run whose replay was out: an event that ends it names it. */
  private static @Nullable String runOf(@Nullable Stored old) {
    return old != null && old.head().state() instanceof Retrying retrying ? retrying.runId() : null;
  }

  private void count(LetterEvent event) {
    switch (event) {
      case REPLAYED -> figures.replays.increment();
      case SUCCEEDED -> figures.succeeded.increment();
      case REPLAY_FAILED -> figures.failedAgain.increment();
      case PARKED -> figures.parked.increment();
      case UNCONFIRMED -> figures.unconfirmed.increment();
      case EXPIRED -> figures.expired.increment();
      case CALLBACK_SUCCEEDED -> figures.callbacksSucceeded.increment();
      case CALLBACK_FAILED -> figures.callbacksFailed.increment();
      case CALLBACK_CANCELED -> figures.callbacksCanceled.increment();
      default -> {}
    }
  }
}
