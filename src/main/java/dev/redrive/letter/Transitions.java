// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.letter.Step.Detail;
import dev.redrive.letter.Step.Ignore;
import dev.redrive.letter.Step.Refuse;
import dev.redrive.letter.Step.Remove;
import dev.redrive.letter.Step.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a letter changes. Each takes what is stored (null: no such letter), the news,
 * and the time in epoch milliseconds; none has a side effect.
 *
 * <p>An attempt settles once: its number is taken from {@link LetterHead#awaited()} by the first
 * news of it, told as a failed record or as an outcome, and whatever comes second only adds detail.
 * Silence does not take it, so that news after the time-out still counts.
 *
 * <p>Past 300 lines because it is the whole state machine, and nobody need look elsewhere for it.
 */
public final class Transitions {

  private Transitions() {}

  /** A failed record arrived. */
  public static Write failed(@Nullable LetterHead stored, FailureFacts facts, long now) {
    Integer attempt = attemptOf(facts.replay());
    if (stored == null) {
      // A replay of a letter that is gone (resolved by inference, discarded meanwhile) counts on
      // from its attempt; else a loop would start at 1 for ever and never meet its cap.
      int replays = attempt == null ? 0 : attempt;
      LetterHead first =
          new LetterHead(
              facts,
              now,
              now,
              facts.firstFailedAt(),
              replays + 1,
              replays,
              List.of(),
              runOf(facts),
              Pending.PLAIN,
              0);
      return new Write(first, Detail.REPLACE, LetterEvent.FAILED);
    }
    if (attempt == null) {
      return failedAgain(stored, facts, stored.attemptCount() + 1, stored.attempt(), now);
    }
    if (attempt > stored.attempt()) {
      int count = Math.max(stored.attemptCount() + 1, attempt + 1);
      return failedAgain(stored, facts, count, attempt, now);
    }
    if (stored.awaited().contains(attempt)) {
      LetterHead settled = settledAsFailed(stored, facts.as(stored.facts()), attempt, now);
      return new Write(settled, Detail.REPLACE_BUT_SOURCE, LetterEvent.REPLAY_FAILED);
    }
    return failedAgain(stored, facts, stored.attemptCount(), stored.attempt(), now);
  }

  /**
   * A command wants it sent.
   *
   * @param target the retry topic, already known to take the record
   * @param until when the replay is given up as unconfirmed
   */
  public static Step replay(
      LetterId id, @Nullable LetterHead stored, String runId, String target, long now, long until) {
    if (stored == null) {
      return unknown(id);
    }
    int attempt = stored.attempt() + 1;
    LetterState next;
    if (stored.state() instanceof Pending pending) {
      next = pending.replayed(runId, attempt, now, until, target);
    } else if (stored.state() instanceof Parked parked) {
      next = parked.replayed(runId, attempt, now, until, target);
    } else {
      return retrying(id, (Retrying) stored.state());
    }
    List<Integer> awaited = new ArrayList<>(stored.awaited());
    awaited.add(attempt);
    if (awaited.size() > LetterHead.MAX_AWAITED) {
      awaited.remove(0);
    }
    LetterHead head =
        new LetterHead(
            stored.facts(),
            stored.createdAt(),
            now,
            stored.firstFailedAt(),
            stored.attemptCount(),
            attempt,
            awaited,
            stored.lastRunId(),
            next,
            stored.change());
    return new Write(head, Detail.KEEP, LetterEvent.REPLAYED);
  }

  /** It could not be sent for a reason that only the attempt to send it showed. */
  public static Step notSent(LetterId id, @Nullable LetterHead stored, String why, long now) {
    if (stored == null) {
      return unknown(id);
    }
    if (stored.state() instanceof Retrying retrying) {
      return retrying(id, retrying);
    }
    LetterState next =
        stored.state() instanceof Pending pending ? pending.notSent(why) : stored.state();
    return new Write(inState(stored, next, now), Detail.KEEP, LetterEvent.NOT_SENT);
  }

  /** An automatic replay was refused and is tried again later; one that is not pending stays. */
  static Write heldUp(LetterHead stored, String why, long retryAt, long now) {
    LetterState next =
        stored.state() instanceof Pending pending
            ? pending.notSent(why).retriedAt(retryAt)
            : stored.state();
    return new Write(inState(stored, next, now), Detail.KEEP, LetterEvent.NOT_SENT);
  }

  /** Automatic retry gives the letter up; one that is not pending stays as it is. */
  static Write parked(LetterHead stored, String why, long now) {
    LetterState next =
        stored.state() instanceof Pending pending ? pending.parked(why) : stored.state();
    return new Write(inState(stored, next, now), Detail.KEEP, LetterEvent.PARKED);
  }

  /** A command says that nobody will retry it. */
  public static Step discard(LetterId id, @Nullable LetterHead stored) {
    if (stored == null) {
      return unknown(id);
    }
    if (stored.state() instanceof Retrying retrying) {
      return retrying(id, retrying);
    }
    return new Remove(stored, LetterEvent.DISCARDED);
  }

  /**
   * A command adds a record by hand.
   *
   * @param withPayload whether the command brings a record; else the stored one is kept
   */
  public static Step add(
      LetterId id, @Nullable LetterHead stored, FailureFacts facts, boolean withPayload, long now) {
    if (stored == null) {
      LetterHead added =
          new LetterHead(
              facts, now, now, facts.firstFailedAt(), 0, 0, List.of(), null, Pending.PLAIN, 0);
      return new Write(added, Detail.REPLACE, LetterEvent.ADDED);
    }
    if (stored.state() instanceof Retrying retrying) {
      return retrying(id, retrying);
    }
    LetterHead updated =
        new LetterHead(
            withPayload ? facts.at(stored.facts().position()) : stored.facts().manual(facts),
            stored.createdAt(),
            now,
            stored.firstFailedAt(),
            stored.attemptCount(),
            stored.attempt(),
            stored.awaited(),
            stored.lastRunId(),
            stored.state(),
            stored.change());
    return new Write(updated, withPayload ? Detail.REPLACE : Detail.MERGE_ERROR, LetterEvent.ADDED);
  }

  /** The pipeline tells how a replay fared. */
  public static Step outcome(@Nullable LetterHead stored, Outcome outcome, long now) {
    if (stored == null) {
      return new Ignore(LetterEvent.UNKNOWN, "there is no such letter (any more)");
    }
    Integer attempt = outcome.attempt() == null ? newestAwaited(stored) : outcome.attempt();
    boolean settles = attempt != null && stored.awaited().contains(attempt);
    return switch (outcome.result()) {
      case SUCCEEDED -> {
        Integer told = outcome.attempt();
        boolean settledBefore = told != null && told <= stored.attempt() && !settles;
        yield settledBefore
            ? new Ignore(LetterEvent.LATE_NEWS, "attempt " + told + " had settled before")
            : new Remove(stored, LetterEvent.SUCCEEDED);
      }
      case FAILED -> {
        String code = outcome.error().code();
        if (attempt != null && settles) {
          FailureFacts facts = stored.facts().failedWith(code, now, outcome.runId());
          LetterHead settled = settledAsFailed(stored, facts, attempt, now);
          yield new Write(settled, Detail.MERGE_ERROR, LetterEvent.REPLAY_FAILED);
        }
        if (outcome.error().equals(FailureError.UNKNOWN)) {
          yield new Ignore(LetterEvent.LATE_NEWS, "it tells nothing new");
        }
        FailureFacts facts = stored.facts().failedWith(code, stored.facts().failedAt(), null);
        LetterHead told = with(stored, facts, stored.state(), now);
        yield new Write(told, Detail.MERGE_ERROR, LetterEvent.LATE_NEWS);
      }
    };
  }

  /**
   * What is due by the clock; empty where nothing is.
   *
   * @param silenceSucceeds whether a replay worked of which nothing was heard in time
   */
  public static Optional<Step> due(LetterHead stored, boolean silenceSucceeds, long now) {
    if (stored.state() instanceof Retrying retrying && retrying.until() <= now) {
      if (silenceSucceeds) {
        return Optional.of(new Remove(stored, LetterEvent.SUCCEEDED));
      }
      LetterHead silent = inState(stored, retrying.unconfirmed(), now).triedBy(retrying.runId());
      return Optional.of(new Write(silent, Detail.KEEP, LetterEvent.UNCONFIRMED));
    }
    return Optional.empty();
  }

  /**
   * Its pipeline keeps letters for a time only.
   *
   * @param before what arrived before this is not kept, epoch milliseconds
   */
  public static Optional<Step> expired(LetterHead stored, long before) {
    // Of a replay that is out the outcome is heard first.
    return stored.facts().arrivedAt() < before && !(stored.state() instanceof Retrying)
        ? Optional.of(new Remove(stored, LetterEvent.EXPIRED))
        : Optional.empty();
  }

  /** A failure that settles nothing: a replay that is out stays out. */
  private static Write failedAgain(
      LetterHead stored, FailureFacts news, int attemptCount, int attempt, long now) {
    boolean counts = attemptCount > stored.attemptCount();
    LetterState state = stored.state();
    LetterHead head =
        new LetterHead(
            news.as(stored.facts()),
            stored.createdAt(),
            now,
            Math.min(stored.firstFailedAt(), news.firstFailedAt()),
            attemptCount,
            attempt,
            stored.awaited(),
            counts ? runOf(news) : stored.lastRunId(),
            counts && state instanceof Pending ? Pending.PLAIN : state,
            stored.change());
    return new Write(
        head,
        attemptOf(news.replay()) == null ? Detail.REPLACE : Detail.REPLACE_BUT_SOURCE,
        counts ? LetterEvent.FAILED_AGAIN : LetterEvent.LATE_NEWS);
  }

  private static LetterHead settledAsFailed(
      LetterHead stored, FailureFacts facts, int attempt, long now) {
    LetterState next = stored.state();
    String run = runOf(facts);
    if (next instanceof Retrying retrying) {
      // News of an older attempt never settles a newer one.
      next = retrying.attempt() == attempt ? retrying.failed() : retrying;
      run = run == null && retrying.attempt() == attempt ? retrying.runId() : run;
    } else if (next instanceof Pending) {
      next = Pending.PLAIN;
    }
    List<Integer> awaited = new ArrayList<>(stored.awaited());
    awaited.remove(Integer.valueOf(attempt));
    return new LetterHead(
        facts,
        stored.createdAt(),
        now,
        Math.min(stored.firstFailedAt(), facts.firstFailedAt()),
        stored.attemptCount() + 1,
        stored.attempt(),
        awaited,
        run,
        next,
        stored.change());
  }

  private static LetterHead inState(LetterHead stored, LetterState next, long now) {
    return with(stored, stored.facts(), next, now);
  }

  static LetterHead with(LetterHead stored, FailureFacts facts, LetterState next, long now) {
    return new LetterHead(
        facts,
        stored.createdAt(),
        now,
        stored.firstFailedAt(),
        stored.attemptCount(),
        stored.attempt(),
        stored.awaited(),
        stored.lastRunId(),
        next,
        stored.change());
  }

  private static @Nullable Integer attemptOf(@Nullable ReplayMark replay) {
    Integer attempt = replay == null ? null : replay.attempt();
    return attempt == null || attempt < 1 ? null : attempt;
  }

  private static @Nullable String runOf(FailureFacts facts) {
    ReplayMark replay = facts.replay();
    return replay != null && replay.runId() != null ? replay.runId() : facts.pipelineRunId();
  }

  private static @Nullable Integer newestAwaited(LetterHead stored) {
    List<Integer> awaited = stored.awaited();
    return awaited.isEmpty() ? null : awaited.get(awaited.size() - 1);
  }

  static Refuse unknown(LetterId id) {
    return Refuse.because(Code.UNKNOWN_LETTER, "there is no letter " + id);
  }

  private static Refuse retrying(LetterId id, Retrying state) {
    return Refuse.because(
        Code.RETRYING,
        "letter " + id + " is being retried (run " + state.runId() + "); wait for its outcome");
  }
}
