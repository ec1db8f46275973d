// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.Effect;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.command.LetterCommand;
import dev.redrive.letter.CallbackPolicy;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.CallbackRules;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.letter.Step;
import dev.redrive.topology.LedgerRows.Stored;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failure callbacks of one partition's letters. A change of a letter begins and ends them; here
 * it is decided what follows from a call that has ended, and from commands.
 */
final class CallbackDesk {
  private static final Logger LOGGER = LoggerFactory.getLogger(CallbackDesk.class);
  private static final CallbackReply LATE =
      CallbackReply.none("nothing was heard of the call in time");

  private final CallbackPolicy policy;
  private final boolean off;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private final Effects effects;
  private final LedgerFigures figures;

  /** Begins for one init of a task. */
  CallbackDesk(LedgerParts parts, LedgerRows rows, LetterChanges changes, Effects effects) {
    this.off = parts.pipelines().callbacks().isEmpty();
    this.policy = parts.pipelines().callbacks().orElse(new CallbackPolicy(List.of()));
    this.rows = rows;
    this.changes = changes;
    this.effects = effects;
    this.figures = parts.figures();
  }

  /** What a command does to a letter's callback, still to be done. */
  Step decide(LetterCommand command, @Nullable Stored stored, long now) {
    if (command.type() == LetterCommand.Type.CANCEL_CALLBACK) {
      return CallbackRules.cancel(command.letter(), stored == null ? null : stored.head(), now);
    }
    if (off) {
      return new Step.Refuse(
          new Refusal(Code.UNSUPPORTED, "failure callbacks are off; set callbacks.allowed-hosts"));
    }
    boolean known = stored != null && isKnown(stored);
    return CallbackRules.rerun(command.letter(), stored == null ? null : stored.head(), known, now);
  }

  /** A call has ended. */
  void ended(EffectEntry news, long now) {
    effects
        .of(news)
        .ifPresent(effect -> ended(effect, Objects.requireNonNull(news.reply(), "no reply"), now));
  }

  /** A deadline has come: that of a pause, or of a call of which nobody tells any more. */
  void due(Effect effect, long now) {
    Effect.Callback callback = (Effect.Callback) effect.work();
    if (callback.pausing()) {
      effects.next(effect, new Effect.Callback(false, callback.calls() + 1), now);
    } else if (effects.isUnderWay(effect)) {
      ended(effect, LATE, now);
    } else {
      effects.putOff(effect, now);
    }
  }

  private void ended(Effect effect, CallbackReply reply, long now) {
    LetterId id = effect.id().owner();
    Stored stored = rows.letter(id);
    if (stored == null || !CallbackRules.inProgress(stored.head())) {
      effects.close(effect.id());
      return;
    }
    figures.callbackCalls.increment();
    int calls = ((Effect.Callback) effect.work()).calls();
    OptionalLong again =
        reply.worked() ? OptionalLong.empty() : policy.again(id, calls, reply, now);
    log(effect, reply, again.isPresent());
    if (again.isPresent()) {
      effects.pause(effect, new Effect.Callback(true, calls), again.getAsLong());
      return;
    }
    byte[] detail = DetailCodec.encode(stored.detail().calledBack(reply.response()));
    News news = News.of(RawBytes.of(detail));
    changes.apply(id, stored, CallbackRules.ended(stored.head(), reply, now), news, now);
  }

  private static boolean isKnown(Stored stored) {
    var http = stored.detail().http();
    return http != null && http.failureCallback() != null;
  }

  /**
   * Of an answer nothing but its status: the rest is the receiver's, and may be anything. A storm
   * of failed deliveries is one of calls too, so it is for who asks for it; the letter has the
   * answer.
   */
  private static void log(Effect effect, CallbackReply reply, boolean again) {
    Integer status = reply.response().status();
    RawBytes why = reply.response().body();
    LOGGER
        .atDebug()
        .addKeyValue("letter_id", effect.id().owner())
        .addKeyValue("call", ((Effect.Callback) effect.work()).calls())
        .addKeyValue("answer", status == null && why != null ? why.text() : status)
        .addKeyValue("again", again)
        .log("a failure callback was called");
  }
}
