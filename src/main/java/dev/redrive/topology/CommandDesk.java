// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.CommandSeen;
import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.Entry.CommandEntry;
import dev.redrive.command.Added;
import dev.redrive.command.Answer;
import dev.redrive.command.Answer.Seen;
import dev.redrive.command.Command;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.topology.LedgerRows.Stored;
import dev.redrive.topology.ReplayPlanner.Plan;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides commands on letters of one partition, each once, and answers each. */
final class CommandDesk {
  /** How long a command's answer is remembered, so that doing it twice does it once. */
  private static final Duration MEMORY = Duration.ofHours(24);

  /** How long a command may wait for its retry topic to be looked up. */
  private static final Duration LOOK_UP = Duration.ofSeconds(10);

  private final LedgerParts parts;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private final LedgerOutput output;
  private final int partition;
  private final long began;

  /**
   * Begins for one init of a task.
   *
   * @param began when that was, epoch milliseconds
   */
  CommandDesk(
      LedgerParts parts,
      LedgerRows rows,
      LetterChanges changes,
      LedgerOutput output,
      int partition,
      long began) {
    this.parts = parts;
    this.rows = rows;
    this.changes = changes;
    this.output = output;
    this.partition = partition;
    this.began = began;
  }

  /** What became of a command. */
  private record Done(@Nullable Refusal refusal, long change, @Nullable String runId) {
    static Done refused(Refusal refusal) {
      return new Done(refusal, 0, null);
    }
  }

  void take(CommandEntry entry, long now) {
    Command command = entry.command();
    Optional<CommandSeen> before = rows.command(command.meta().commandId());
    if (before.isPresent() && before.get().forgetAt() > now) {
      output.result(repeated(before.get().answer(), command.meta().requestId()), now);
      return;
    }
    Stored stored = rows.letter(command.letter());
    Done done =
        switch (command.type()) {
          case REPLAY -> replay(entry, stored, now);
          case DISCARD -> discard(command, stored, now);
          case ADD -> add(command, stored, now);
        };
    if (done != null) {
      answer(command, done, now);
    }
  }

  /** Null where the command was put off. */
  private @Nullable Done replay(CommandEntry entry, @Nullable Stored stored, long now) {
    Command command = entry.command();
    String runId = RunIds.of(command.meta().commandId());
    // Asked first with a target that does not matter: whether the letter may be replayed at all.
    if (Transitions.replay(
            command.letter(), stored == null ? null : stored.head(), runId, "", now, now)
        instanceof Step.Refuse refuse) {
      return Done.refused(refuse.refusal());
    }
    Stored letter = Objects.requireNonNull(stored, "refused above");
    Plan plan =
        parts.planner().plan(command.letter(), letter.head(), letter.detail(), command, runId, now);
    if (plan instanceof Plan.Send send) {
      return send(command, letter, send, runId, now);
    }
    if (plan instanceof Plan.Refuse refuse) {
      return refused(command, letter, refuse.refusal(), now);
    }
    // What was put off before this task began says nothing: nobody here had looked it up yet.
    long since = entry.deferredSince() == 0 ? now : Math.max(entry.deferredSince(), began);
    if (now - since > LOOK_UP.toMillis()) {
      return Done.refused(
          new Refusal(
              Refusal.Code.TARGET_UNKNOWN,
              "the retry topic could not be looked up within "
                  + LOOK_UP.toSeconds()
                  + " s; see whether the brokers answer, then send the command again"));
    }
    output.again(new CommandEntry(command, since), partition, now);
    return null;
  }

  private Done send(Command command, Stored letter, Plan.Send send, String runId, long now) {
    long until = now + parts.pipelines().settleTimeout(letter.head().facts().pipelineId());
    Step step =
        Transitions.replay(command.letter(), letter.head(), runId, send.target(), now, until);
    News news = News.of(command, runId);
    long change = changes.apply(command.letter(), letter, step, news, now);
    output.replay(send);
    return new Done(null, change, runId);
  }

  /** A send that failed before leaves its reason on the letter; the rest changes nothing. */
  private Done refused(Command command, Stored letter, Refusal refusal, long now) {
    if (refusal.code() != Refusal.Code.SEND_FAILED) {
      return Done.refused(refusal);
    }
    Step step = Transitions.notSent(command.letter(), letter.head(), refusal.message(), now);
    News news = News.of(command, null).because(refusal.message());
    return new Done(refusal, changes.apply(command.letter(), letter, step, news, now), null);
  }

  private Done discard(Command command, @Nullable Stored stored, long now) {
    Step step = Transitions.discard(command.letter(), stored == null ? null : stored.head());
    return done(command, stored, step, News.of(command, null), now);
  }

  private Done add(Command command, @Nullable Stored stored, long now) {
    Added added = Objects.requireNonNull(command.added(), "an add command without its record");
    Additions.Addition addition = Additions.of(added, now);
    Step step =
        Transitions.add(
            command.letter(),
            stored == null ? null : stored.head(),
            addition.facts(),
            added.record() != null,
            now);
    News news =
        News.of(command, null)
            .with(RawBytes.of(DetailCodec.encode(addition.detail())), added.error());
    return done(command, stored, step, news, now);
  }

  private Done done(Command command, @Nullable Stored stored, Step step, News news, long now) {
    return step instanceof Step.Refuse refuse
        ? Done.refused(refuse.refusal())
        : new Done(null, changes.apply(command.letter(), stored, step, news, now), null);
  }

  private void answer(Command command, Done done, long now) {
    Seen seen = done.change() == 0 ? null : new Seen(partition, done.change());
    Answer answer =
        new Answer(
            command.meta().commandId(),
            command.meta().requestId(),
            done.refusal(),
            false,
            command.letter(),
            done.runId(),
            seen);
    rows.remember(new CommandSeen(answer, now + MEMORY.toMillis()));
    (answer.accepted() ? parts.figures().commandsAccepted : parts.figures().commandsRejected)
        .increment();
    output.answer(answer, command, now);
  }

  private static Answer repeated(Answer first, String requestId) {
    return new Answer(
        first.commandId(),
        requestId,
        first.refusal(),
        true,
        first.letter(),
        first.runId(),
        first.seen());
  }
}
