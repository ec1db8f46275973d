// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import dev.redrive.letter.Refusal.Code;
import dev.redrive.letter.Step.Detail;
import dev.redrive.letter.Step.Write;
import org.jspecify.annotations.Nullable;

/**
 * The rules of failure callbacks. A failed HTTP delivery that names one is called back when it
 * arrives, unless its producer says how that went; each later arrival of the letter begins anew.
 * Like {@link Transitions} they take what is stored (null: no such letter) and have no side effect.
 */
public final class CallbackRules {

  private CallbackRules() {}

  /** The failure as it is taken in: a callback that is left to Redrive is in progress. */
  public static Failure begun(Failure failure) {
    HttpFacts http = failure.facts().http();
    HttpDelivery delivery = failure.detail().http();
    if (http == null
        || delivery == null
        || delivery.failureCallback() == null
        || http.callbackState() != null) {
      return failure;
    }
    FailureFacts facts = failure.facts().with(http.withCallback(CallbackState.INPROGRESS));
    return new Failure(failure.id(), facts, failure.detail());
  }

  /** Whether it is being called. */
  public static boolean inProgress(@Nullable LetterHead letter) {
    return CallbackState.INPROGRESS.word().equals(state(letter));
  }

  /** Whether a change of the letter begins to call it. */
  public static boolean begins(@Nullable LetterHead before, Write change) {
    return inProgress(change.head()) && (!inProgress(before) || arrival(change));
  }

  /** Whether a change of the letter ends the calls that were begun before. */
  public static boolean ends(@Nullable LetterHead before, Step change) {
    return inProgress(before)
        && (change instanceof Step.Remove
            || (change instanceof Write write && (!inProgress(write.head()) || arrival(write))));
  }

  /**
   * Somebody wants it called again.
   *
   * @param known whether the letter says where to call
   */
  public static Step rerun(LetterId id, @Nullable LetterHead stored, boolean known, long now) {
    if (stored == null) {
      return Transitions.unknown(id);
    }
    return known && CallbackState.FAIL.word().equals(state(stored))
        ? become(stored, CallbackState.INPROGRESS, LetterEvent.CALLBACK_RERUN, now)
        : refused(id, stored, "can be run again once it has failed");
  }

  /** Somebody gives it up. A call that is out is not taken back, and what comes of it ignored. */
  public static Step cancel(LetterId id, @Nullable LetterHead stored, long now) {
    if (stored == null) {
      return Transitions.unknown(id);
    }
    return inProgress(stored)
        ? become(stored, CallbackState.CANCELED, LetterEvent.CALLBACK_CANCELED, now)
        : refused(id, stored, "can be canceled while it is in progress");
  }

  /** The last call has ended. The letter's detail takes the answer. */
  public static Write ended(LetterHead stored, CallbackReply reply, long now) {
    Write write =
        reply.worked()
            ? become(stored, CallbackState.SUCCESS, LetterEvent.CALLBACK_SUCCEEDED, now)
            : become(stored, CallbackState.FAIL, LetterEvent.CALLBACK_FAILED, now);
    return new Write(write.head(), Detail.REPLACE, write.told());
  }

  private static Write become(LetterHead stored, CallbackState next, LetterEvent told, long now) {
    HttpFacts http = stored.facts().http();
    FailureFacts facts =
        http == null ? stored.facts() : stored.facts().with(http.withCallback(next));
    return new Write(Transitions.with(stored, facts, stored.state(), now), Detail.KEEP, told);
  }

  /** A failed record came: it has a callback of its own to be called, or none. */
  private static boolean arrival(Write change) {
    return change.detail() != Detail.KEEP
        && change.detail() != Detail.MERGE_ERROR
        && !change.told().ofCallback();
  }

  private static @Nullable String state(@Nullable LetterHead letter) {
    HttpFacts http = letter == null ? null : letter.facts().http();
    return http == null ? null : http.callbackState();
  }

  private static Step refused(LetterId id, LetterHead stored, String when) {
    String state = state(stored);
    return Step.Refuse.because(
        Code.CALLBACK_STATE,
        "the failure callback of letter "
            + id
            + " is "
            + (state == null ? "not there, or is not called by this Redrive" : state)
            + "; it "
            + when);
  }
}
