// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RequestBody;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal;
import dev.redrive.query.CommandSender;
import dev.redrive.query.LetterReader;
import dev.redrive.query.Sent;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reprocess and delete: commands, sent the same way as anybody else's. */
final class DeskActions {
  private static final Set<String> PRIORITIES = new TreeSet<>(Set.of("high", "normal", "low"));
  private static final int MAX_NOTE = 1_000;

  private final LetterReader letters;
  private final CommandSender commands;
  private final Clock clock;

  DeskActions(LetterReader letters, CommandSender commands, Clock clock) {
    this.letters = letters;
    this.commands = commands;
    this.clock = clock;
  }

  void reprocess(Context request) {
    Parameters.of(request);
    RequestBody body = RequestBody.of(request, Set.of("priority", "note"));
    Optional<String> priority = body.word("priority", PRIORITIES);
    Optional<String> note = body.text("note", MAX_NOTE);
    LetterId id = target(request);
    String pipeline = pipeline(id);
    LetterCommand command =
        new LetterCommand(
            LetterCommand.Type.REPLAY,
            meta(Caller.of(request), note.orElse(null)),
            id,
            priority.orElse(null),
            null);
    Sent sent = commands.send(command);
    ObjectNode data = data(id);
    if (sent instanceof Sent.Pending pending) {
      answerPending(request, data.putNull("job_id"), pending);
      return;
    }
    Answer answer = accepted(sent, id);
    String job = LetterJob.of(String.valueOf(answer.runId()), pipeline, clock.millis()).text();
    data.put("job_id", job).put("status", "queued");
    answer(request, 202, data);
  }

  void delete(Context request) {
    Parameters.of(request);
    LetterId id = target(request);
    Sent sent =
        commands.send(
            new LetterCommand(
                LetterCommand.Type.DISCARD, meta(Caller.of(request), null), id, null, null));
    if (sent instanceof Sent.Pending pending) {
      answerPending(request, data(id), pending);
      return;
    }
    accepted(sent, id);
    answer(request, 200, data(id));
  }

  /**
   * The letter in the path. For a caller who may see some pipelines only, it is read first: a
   * refusal by the ledger would tell them that a letter of another pipeline is there.
   */
  private LetterId target(Context request) {
    return Caller.of(request).restricted()
        ? Answers.letter(request, letters).id()
        : Answers.id(request);
  }

  private static Command.Meta meta(Caller caller, @Nullable String note) {
    return new Command.Meta(
        "http-" + UUID.randomUUID(), UUID.randomUUID().toString(), caller.name(), note, null);
  }

  private static Answer accepted(Sent sent, LetterId id) {
    if (sent instanceof Sent.Unsent unsent) {
      throw Problem.unavailable(
          "the command was not taken, try again: " + unsent.reason(),
          List.of(new Problem.Detail("command_id", unsent.commandId())));
    }
    Answer answer = ((Sent.Done) sent).answer();
    Refusal refusal = answer.refusal();
    if (refusal == null) {
      return answer;
    }
    if (refusal.code() == Refusal.Code.UNKNOWN_LETTER) {
      throw Answers.unknown(id);
    }
    throw Problem.of(
        refusal.code().httpStatus(),
        refusal.code().name().toLowerCase(Locale.ROOT),
        refusal.message());
  }

  /** It will be done, but that can't be read yet; the command id finds its event. */
  private static void answerPending(Context request, ObjectNode data, Sent.Pending pending) {
    answer(request, 202, data.put("command_id", pending.commandId()).put("status", "pending"));
  }

  private static ObjectNode data(LetterId id) {
    return JsonNodeFactory.instance.objectNode().put("dlq_id", id.toString());
  }

  private static void answer(Context request, int status, ObjectNode data) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("data", data);
    Json.answer(request, status, body);
  }

  /** Of the letter as it is now; blank where there is none, which is for the ledger to say. */
  private String pipeline(LetterId id) {
    return Answers.require(letters.letter(id))
        .value()
        .map(letter -> letter.head().facts().pipelineId())
        .orElse("");
  }
}
