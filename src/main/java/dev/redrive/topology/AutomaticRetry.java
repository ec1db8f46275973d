// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.EffectId;
import dev.redrive.command.Command;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.RetryPolicy;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.store.RetriesQuery;
import dev.redrive.topology.LedgerRows.Stored;
import dev.redrive.topology.ReplayPlanner.Plan;
import dev.redrive.topology.ReplayPlanner.Wish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Replays the letters of one partition that are due by their pipelines' {@link RetryPolicy}, a
 * bounded step at a time. A letter that can't go now, since its pipeline is at its limit or
 * something is still looked up, stays due and is asked for again.
 */
final class AutomaticRetry {
  private static final int PER_STEP = 500;

  /** Of the thread's time, for all its tasks in one punctuation. */
  private static final long ROUND_MS = 60;

  private static final long LOOK_EVERY = Duration.ofSeconds(1).toMillis();

  /** Who asked, in events and in the headers of the replay. */
  static final String REQUESTED_BY = "automatic-retry";

  private final LedgerParts parts;
  private final KeyValueStore<Bytes, byte[]> store;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private final LedgerOutput output;
  private final Effects effects;
  private final ReplayLimits limits;
  private final LookUps lookUps = new LookUps();
  private final List<String> pipelines;
  private final long began;
  private long nextLook = Long.MIN_VALUE;

  /**
   * Begins for one init of a task.
   *
   * @param now epoch milliseconds
   */
  AutomaticRetry(
      LedgerParts parts,
      KeyValueStore<Bytes, byte[]> store,
      LedgerRows rows,
      LetterChanges changes,
      LedgerOutput output,
      Effects effects,
      ReplayLimits limits,
      long now) {
    this.parts = parts;
    this.store = store;
    this.rows = rows;
    this.changes = changes;
    this.output = output;
    this.effects = effects;
    this.limits = limits;
    this.pipelines = new ArrayList<>(parts.pipelines().retried());
    this.began = now;
  }

  /** The task is closed: the others of its thread have more time. */
  void close() {
    StepTime.ofThread().forget(this);
  }

  /** One step, where it is time for it. */
  void step(long now) {
    if (pipelines.isEmpty() || now < nextLook) {
      return;
    }
    StepTime time = StepTime.ofThread();
    if (!time.begin(this, now, ROUND_MS)) {
      return;
    }
    lookUps.begin(now);
    // Whoever came first this time comes last the next: none uses up every step.
    Collections.rotate(pipelines, -1);
    boolean more = false;
    for (String pipeline : pipelines) {
      more |= step(pipeline, now, time);
    }
    nextLook = more ? now : now + LOOK_EVERY;
    time.end(this);
  }

  /** True where more of this pipeline can go at once. */
  private boolean step(String pipeline, long now, StepTime time) {
    if (!limits.allows(pipeline, now)) {
      return false;
    }
    QueryResult<List<LetterId>> due =
        store.query(
            new RetriesQuery(pipeline, now, PER_STEP),
            PositionBound.unbounded(),
            new QueryConfig(false));
    if (due.isFailure()) {
      return false;
    }
    int done = 0;
    for (LetterId id : due.getResult()) {
      if (time.isOver() || parts.wantsCommit().getAsBoolean()) {
        return true;
      }
      if (!limits.allows(pipeline, now)) {
        return false;
      }
      done += retry(id, now) ? 1 : 0;
    }
    return done > 0 && due.getResult().size() == PER_STEP;
  }

  /**
   * The query saw what is committed; what this transaction already did is seen here.
   *
   * @return false where the letter waits
   */
  private boolean retry(LetterId id, long now) {
    Stored stored = rows.letter(id);
    if (stored == null
        || !(stored.head().state() instanceof Pending pending)
        || pending.retryAt() == null
        || pending.retryAt() > now) {
      return true;
    }
    // Its original is being read for a command: what was read must not be taken from there.
    if (effects.find(EffectId.fetch(id)).isPresent()) {
      return false;
    }
    RetryPolicy policy = parts.pipelines().retry(stored.head()).orElseThrow();
    Optional<Step> parking = policy.parking(stored.head(), now);
    if (parking.isPresent()) {
      changes.apply(id, stored, parking.get(), News.NONE, now);
      return true;
    }
    String runId = RunIds.automatic(id, stored.head().attempt() + 1);
    Wish wish = new Wish(meta(runId), null);
    long since = Math.max(began, pending.retryAt());
    Plan plan = parts.planner().plan(id, stored.head(), stored.detail(), wish, runId, since, now);
    if (plan instanceof Plan.Send send) {
      send(id, stored, runId, send, now);
      return true;
    }
    Optional<Refusal> refusal = refusal(id, plan, now);
    refusal.ifPresent(
        because -> {
          lookUps.read(id);
          Step step = policy.refused(stored.head(), because, now);
          changes.apply(id, stored, step, by(runId, because.message()), now);
        });
    return refusal.isPresent();
  }

  private void send(LetterId id, Stored stored, String runId, Plan.Send send, long now) {
    LetterHead head = stored.head();
    long until = now + parts.pipelines().settleTimeout(head.facts().pipelineId());
    Step step = Transitions.replay(id, head, runId, send.target(), now, until);
    String why = "replayed unasked after " + head.attemptCount() + " failed attempts";
    changes.apply(id, stored, step, by(runId, why).sending(send), now);
    output.replay(send);
    lookUps.known(send.target());
    lookUps.read(id);
    parts.figures().automaticReplays.increment();
  }

  /** Empty where the answer is still to come. */
  private Optional<Refusal> refusal(LetterId id, Plan plan, long now) {
    if (plan instanceof Plan.Refuse refuse) {
      return Optional.of(refuse.refusal());
    }
    if (plan instanceof Plan.Later later) {
      return lookUps.awaitsTopic(later.topic(), now)
          ? Optional.empty()
          : Optional.of(
              new Refusal(
                  Refusal.Code.TARGET_MISSING,
                  "retry topic " + later.topic() + " could not be looked up"));
    }
    Plan.Fetch fetch = (Plan.Fetch) plan;
    if (!lookUps.awaitsOriginal(id, now)) {
      return Optional.of(
          new Refusal(
              Refusal.Code.ORIGINAL_NOT_READ,
              "the record could not be read from " + fetch.original().place()));
    }
    if (lookUps.asksForOriginal(id, now)) {
      parts.effects().fetch(id, fetch.original());
    }
    return Optional.empty();
  }

  private static News by(String runId, String why) {
    return News.of(meta(runId), runId).because(why);
  }

  private static Command.Meta meta(String runId) {
    return new Command.Meta(runId, runId, REQUESTED_BY, null, null);
  }
}
