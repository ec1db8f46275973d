// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.EventJson.Cause;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.ReplayMark;
import dev.redrive.letter.Step;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Share;
import dev.redrive.run.ShareReport;
import dev.redrive.run.ShareSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * This partition's shares of runs and their journals: what became of each letter that a run sent. A
 * change of a share is saved in the transaction of what changed it; else a crash could keep the one
 * and lose the other.
 */
final class ShareBook {
  private final RunRows rows;
  private final Map<String, Held> open = new LinkedHashMap<>();

  /** Begins for one init of a task, with what is stored. */
  ShareBook(RunRows rows) {
    this.rows = rows;
    for (ShareSpec spec : rows.shares()) {
      Share share = rows.share(spec.runId()).orElse(null);
      if (share != null && !rows.isForgotten(spec.runId())) {
        Held held = new Held(spec, share);
        // What was said last may have been said in a transaction that was aborted.
        held.unreported = true;
        open.put(spec.runId(), held);
      }
    }
  }

  /** A share that something may still happen to. */
  static final class Held {
    private final ShareSpec spec;
    private Share share;
    private final SortedMap<String, Long> heldUp = new TreeMap<>();
    private boolean unreported;
    private boolean unsaved;

    private Held(ShareSpec spec, Share share) {
      this.spec = spec;
      this.share = share;
    }

    ShareSpec spec() {
      return spec;
    }

    Share share() {
      return share;
    }

    String runId() {
      return spec.runId();
    }

    /** As of {@link ShareReport}. */
    SortedMap<String, Long> heldUp() {
      return heldUp;
    }
  }

  List<Held> open() {
    return new ArrayList<>(open.values());
  }

  boolean isIdle() {
    return open.isEmpty();
  }

  /** The share of a run, also one that is finished; null: there is none. */
  @Nullable Held find(String runId) {
    Held held = open.get(runId);
    if (held != null || rows.isForgotten(runId)) {
      return held;
    }
    ShareSpec spec = rows.shareSpec(runId).orElse(null);
    Share share = rows.share(runId).orElse(null);
    if (spec == null || share == null) {
      return null;
    }
    held = new Held(spec, share);
    open.put(runId, held);
    return held;
  }

  Held begin(ShareSpec spec, Share share) {
    rows.write(spec);
    Held held = new Held(spec, share);
    held.unsaved = true;
    open.put(spec.runId(), held);
    save(held);
    return held;
  }

  /**
   * A pipeline of its letters has had its replays of the hour, or may send again.
   *
   * @param until when the next may go, epoch milliseconds; null: now
   */
  void heldUp(Held held, String pipelineId, @Nullable Long until) {
    Long before =
        until == null ? held.heldUp.remove(pipelineId) : held.heldUp.put(pipelineId, until);
    held.unreported |= !Objects.equals(before, until);
  }

  /** No letter of it waits for a limit any more: the last that did was removed, or changed. */
  void noneHeldUp(Held held) {
    held.unreported |= !held.heldUp.isEmpty();
    held.heldUp.clear();
  }

  /** To be saved before whoever calls this lets go of the task: a commit may follow. */
  void update(Held held, Share share) {
    held.unsaved |= !share.equals(held.share);
    held.share = share;
  }

  /** Writes the share, if it has changed. */
  void save(Held held) {
    if (held.unsaved) {
      held.unsaved = false;
      held.unreported = true;
      rows.write(held.runId(), held.share);
    }
  }

  /** True where the coordinator does not know the newest of it; it is told now. */
  boolean takeUnreported(Held held) {
    boolean was = held.unreported;
    held.unreported = false;
    if (held.share.done()) {
      open.remove(held.runId());
    }
    return was;
  }

  void drop(String runId) {
    open.remove(runId);
  }

  void write(Held held, LetterId letter, LetterOutcome outcome, int attempt, long now) {
    rows.write(held.runId(), letter, new JournalLine(outcome, attempt, now, null, false));
  }

  void refused(Held held, LetterId letter, String reason, long now) {
    rows.write(held.runId(), letter, new JournalLine(LetterOutcome.REFUSED, 0, now, reason, false));
  }

  /**
   * A letter has changed: if a run's replay of it was out, this may be its outcome.
   *
   * @param before as it was; null: there was none
   * @param cause of the change; its run is the one that the news itself names
   */
  void changed(LetterId letter, @Nullable LetterHead before, Step step, Cause cause, long now) {
    LetterOutcome outcome = outcome(before, step);
    if (outcome == null) {
      return;
    }
    String wasOut =
        before != null && before.state() instanceof Retrying retrying ? retrying.runId() : null;
    boolean stillOut = step instanceof Step.Write write && write.head().state() instanceof Retrying;
    if (wasOut != null && !stillOut) {
      settled(wasOut, letter, outcome, cause.inferred(), now);
    }
    if (outcome == LetterOutcome.UNCONFIRMED) {
      return;
    }
    String named = cause.runId() != null ? cause.runId() : runOfNews(before, step);
    if (named != null && !named.equals(wasOut)) {
      settled(named, letter, outcome, cause.inferred(), now);
    }
  }

  private void settled(
      String runId, LetterId letter, LetterOutcome outcome, boolean inferred, long now) {
    JournalLine line = rows.line(runId, letter);
    if (line == null || !line.outcome().open() || line.outcome() == outcome) {
      return;
    }
    rows.write(runId, letter, new JournalLine(outcome, line.attempt(), now, null, inferred));
    Held held = find(runId);
    if (held != null) {
      update(held, held.share.settled(line.outcome(), outcome, inferred));
      save(held);
    }
  }

  /** Null where the change says nothing about a replay. */
  private static @Nullable LetterOutcome outcome(@Nullable LetterHead before, Step step) {
    boolean wasOut = before != null && before.state() instanceof Retrying;
    if (step instanceof Step.Remove remove) {
      boolean succeeded = remove.told() == LetterEvent.SUCCEEDED;
      // Whatever else removes a letter that is out: its outcome will never be known.
      return succeeded ? LetterOutcome.SUCCEEDED : wasOut ? LetterOutcome.UNCONFIRMED : null;
    }
    if (!(step instanceof Step.Write write)) {
      return null;
    }
    if (write.told() == LetterEvent.UNCONFIRMED) {
      return LetterOutcome.UNCONFIRMED;
    }
    boolean ended = wasOut && !(write.head().state() instanceof Retrying);
    return ended || write.told() == LetterEvent.REPLAY_FAILED ? LetterOutcome.FAILED : null;
  }

  /** A failure names the run in its headers; a late outcome may mean the last one it knows of. */
  private static @Nullable String runOfNews(@Nullable LetterHead before, Step step) {
    ReplayMark mark = step instanceof Step.Write write ? write.head().facts().replay() : null;
    if (mark != null && mark.runId() != null) {
      return mark.runId();
    }
    return before != null && before.state() instanceof Pending pending && pending.unconfirmed()
        ? before.lastRunId()
        : null;
  }
}
