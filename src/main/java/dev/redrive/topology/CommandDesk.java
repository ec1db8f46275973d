// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.CommandSeen;
import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.Effect;
import dev.redrive.codec.Effect.Fetch;
import dev.redrive.codec.EffectId;
import dev.redrive.codec.Entry.CommandEntry;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.command.Added;
import dev.redrive.command.Answer;
import dev.redrive.command.Answer.Seen;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Step;
import dev.redrive.letter.TraceContext;
import dev.redrive.letter.Transitions;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.topology.LedgerRows.Stored;
import dev.redrive.topology.ReplayPlanner.Plan;
import dev.redrive.topology.ReplayPlanner.Wish;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands on letters of one partition, each once, and answers each.
 *
 * <p>Past 300 lines because every kind of command goes the same way, known, decided, done,
 * answered, and that way is read in one place.
 */
final class CommandDesk {

  /** How long a command's answer is remembered, so that doing it twice does it once. */
  private static final Duration MEMORY = Duration.ofHours(24);

  /** How long a command may wait for its retry topic to be looked up. */
  private static final Duration LOOK_UP = Duration.ofSeconds(10);

  private final LedgerParts parts;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private final LedgerOutput output;
  private final Effects effects;
  private final CallbackDesk callbacks;
  private final ReplayLimits limits;
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
      Effects effects,
      CallbackDesk callbacks,
      ReplayLimits limits,
      int partition,
      long began) {
    this.parts = parts;
    this.rows = rows;
    this.changes = changes;
    this.output = output;
    this.effects = effects;
    this.callbacks = callbacks;
    this.limits = limits;
    this.partition = partition;
    this.began = began;
  }

  /** What became of a command. */
  private record Done(
      @Nullable Refusal refusal,
      long change,
      @Nullable String runId,
      @Nullable TraceContext trace) {
    static Done refused(Refusal refusal) {
      return changed(refusal, 0);
    }

    static Done changed(@Nullable Refusal refusal, long change) {
      return new Done(refusal, change, null, null);
    }
  }

  void take(CommandEntry entry, long now) {
    LetterCommand command = entry.command();
    Optional<CommandSeen> before = rows.command(command.meta().commandId());
    if (before.isPresent() && before.get().forgetAt() > now) {
      output.result(repeated(before.get().answer(), command.meta().requestId()), now);
      return;
    }
    Optional<Effect> fetching = effects.find(EffectId.fetch(command.letter()));
    if (fetching.isPresent() && !command.type().ofCallback()) {
      meanwhile(command, fetching.get(), now);
      return;
    }
    Stored stored = rows.letter(command.letter());
    Done done =
        switch (command.type()) {
          case REPLAY -> replay(entry, stored, now);
          case DISCARD -> discard(command, stored, now);
          case ADD -> add(command, stored, now);
          case RERUN_CALLBACK, CANCEL_CALLBACK ->
              done(
                  command,
                  stored,
                  callbacks.decide(command, stored, now),
                  News.of(command, null),
                  now);
        };
    if (done != null) {
      answer(command, done, now);
    }
  }

  /** Null where the command was put off. */
  private @Nullable Done replay(CommandEntry entry, @Nullable Stored stored, long now) {
    LetterCommand command = entry.command();
    // What was put off before this task began says nothing: nobody here had looked it up yet.
    long since = entry.deferredSince() == 0 ? now : Math.max(entry.deferredSince(), began);
    Plan plan = plan(command, stored, since, now);
    if (plan instanceof Plan.Fetch fetch) {
      Fetch work = new Fetch(fetch.original(), command, List.of(), since);
      effects.open(EffectId.fetch(command.letter()), work, now);
      return null;
    }
    if (!(plan instanceof Plan.Later)) {
      return carriedOut(plan, command, stored, now);
    }
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

  private Plan plan(LetterCommand command, @Nullable Stored stored, long since, long now) {
    String runId = RunIds.of(command.meta().commandId());
    // Asked first with a target that does not matter: whether the letter may be replayed at all.
    if (Transitions.replay(
            command.letter(), stored == null ? null : stored.head(), runId, "", now, now)
        instanceof Step.Refuse refuse) {
      return new Plan.Refuse(refuse.refusal());
    }
    Stored letter = Objects.requireNonNull(stored, "refused above");
    String pipelineId = letter.head().facts().pipelineId();
    if (!limits.allows(pipelineId, now)) {
      return new Plan.Refuse(limits.refusal(pipelineId, now));
    }
    return parts
        .planner()
        .plan(
            command.letter(), letter.head(), letter.detail(), Wish.of(command), runId, since, now);
  }

  /** Does what was decided at once. */
  private Done carriedOut(Plan plan, LetterCommand command, @Nullable Stored stored, long now) {
    if (plan instanceof Plan.Send send) {
      return send(command, Objects.requireNonNull(stored, "no letter"), send, now);
    }
    return refused(command, stored, ((Plan.Refuse) plan).refusal(), now);
  }

  /** Work for a letter has ended on another thread. */
  void ended(EffectEntry news, long now) {
    effects
        .of(news)
        .ifPresent(
            effect -> {
              if (news.failure() == null) {
                fetched(news, effect, (Fetch) effect.work(), now);
              } else {
                failed(effect, (Fetch) effect.work(), news.failure(), now);
              }
            });
  }

  /** The deadline of work for a letter has come. */
  void late(Effect effect, long now) {
    failed(effect, (Fetch) effect.work(), "nothing came of it in time", now);
  }

  /** The letter's original was read, or is known to be gone: the replay is decided anew. */
  private void fetched(EffectEntry news, Effect effect, Fetch fetch, long now) {
    LetterCommand command = fetch.command();
    Stored stored = rows.letter(command.letter());
    Plan plan = plan(command, stored, Math.max(fetch.since(), began), now);
    if (plan instanceof Plan.Later) {
      output.effect(news, partition, now);
    } else if (plan instanceof Plan.Fetch other) {
      // Read by an instance that has lost the partition, or the letter has failed again meanwhile.
      Fetch next = new Fetch(other.original(), command, fetch.repeats(), fetch.since());
      if (!effects.again(effect, next, now)) {
        end(effect, fetch, notRead(fetch, "what was read got lost, again and again"), now);
      }
    } else {
      end(effect, fetch, carriedOut(plan, command, stored, now), now);
    }
  }

  private void failed(Effect effect, Fetch fetch, String why, long now) {
    if (!effects.again(effect, fetch, now)) {
      end(effect, fetch, notRead(fetch, why), now);
    }
  }

  private static Done notRead(Fetch fetch, String why) {
    return Done.refused(
        new Refusal(
            Refusal.Code.ORIGINAL_NOT_READ,
            "the record could not be read from "
                + fetch.original().place()
                + " in "
                + Effects.MAX_ATTEMPTS
                + " attempts, so it was not sent: "
                + why
                + ". Send the command again"));
  }

  private void end(Effect effect, Fetch fetch, Done done, long now) {
    effects.close(effect.id());
    Answer answer = answer(fetch.command(), done, now);
    fetch.repeats().forEach(requestId -> output.result(repeated(answer, requestId), now));
  }

  /** A command for a letter whose original is being read: the same one again, or another. */
  private void meanwhile(LetterCommand command, Effect effect, long now) {
    Fetch fetch = (Fetch) effect.work();
    Command.Meta first = fetch.command().meta();
    if (!first.commandId().equals(command.meta().commandId())) {
      answer(
          command,
          Done.refused(
              new Refusal(
                  Refusal.Code.RETRYING,
                  "letter "
                      + command.letter()
                      + " is being retried (run "
                      + RunIds.of(first.commandId())
                      + "), its record is read from "
                      + fetch.original().place()
                      + "; wait for its outcome")),
          now);
    } else if (!first.requestId().equals(command.meta().requestId())) {
      effects.update(effect.with(fetch.repeatedBy(command.meta().requestId())));
    }
  }

  private Done send(LetterCommand command, Stored letter, Plan.Send send, long now) {
    String runId = RunIds.of(command.meta().commandId());
    long until = now + parts.pipelines().settleTimeout(letter.head().facts().pipelineId());
    Step step =
        Transitions.replay(command.letter(), letter.head(), runId, send.target(), now, until);
    News news = News.of(command, runId).sending(send);
    long change = changes.apply(command.letter(), letter, step, news, now);
    if (step instanceof Step.Write write) {
      rows.journal(
          runId,
          command.letter(),
          new JournalLine(LetterOutcome.OUTSTANDING, write.head().attempt(), now, null, false));
    }
    output.replay(send);
    return new Done(null, change, runId, send.trace());
  }

  /** A send that failed before leaves its reason on the letter; the rest changes nothing. */
  private Done refused(LetterCommand command, @Nullable Stored letter, Refusal refusal, long now) {
    if (refusal.code() != Refusal.Code.SEND_FAILED || letter == null) {
      return Done.refused(refusal);
    }
    Step step = Transitions.notSent(command.letter(), letter.head(), refusal.message(), now);
    News news = News.of(command, null).because(refusal.message());
    return Done.changed(refusal, changes.apply(command.letter(), letter, step, news, now));
  }

  private Done discard(LetterCommand command, @Nullable Stored stored, long now) {
    Step step = Transitions.discard(command.letter(), stored == null ? null : stored.head());
    return done(command, stored, step, News.of(command, null), now);
  }

  private Done add(LetterCommand command, @Nullable Stored stored, long now) {
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

  private Done done(
      LetterCommand command, @Nullable Stored stored, Step step, News news, long now) {
    return step instanceof Step.Refuse refuse
        ? Done.refused(refuse.refusal())
        : Done.changed(null, changes.apply(command.letter(), stored, step, news, now));
  }

  private Answer answer(LetterCommand command, Done done, long now) {
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
    output.answer(answer, command, done.trace(), now);
    return answer;
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
