// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import dev.redrive.command.Added;
import dev.redrive.command.LetterCommand;
import dev.redrive.filter.LetterFilter.Text;
import dev.redrive.http.Caller;
import dev.redrive.http.Orders;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RequestBody;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.CommandSender;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;

/** Adding a dead letter by hand, and dismissing one. */
final class EntryActions {
  private static final int MAX_MESSAGE = 10 * Text.MAX_LENGTH;

  private final KnownPipelines pipelines;
  private final EntryReads reads;
  private final CommandSender commands;

  EntryActions(KnownPipelines pipelines, EntryReads reads, CommandSender commands) {
    this.pipelines = pipelines;
    this.reads = reads;
    this.commands = commands;
  }

  void add(Context request) {
    Parameters.of(request);
    RequestBody body = RequestBody.of(request, Set.of("source_record_id", "error_message"));
    String record =
        body.text("source_record_id", FailureFacts.MAX_RECORD_ID)
            .filter(text -> !text.isEmpty())
            .orElseThrow(() -> Problem.field("source_record_id", "is missing"));
    Optional<String> message = body.text("error_message", MAX_MESSAGE);
    String pipeline = pipelines.id(request);
    LetterId id = LetterId.of(pipeline, record);
    FailureError error = new FailureError(null, message.orElse(null), null, null, null);
    Orders.done(
        commands.send(
            new LetterCommand(
                LetterCommand.Type.ADD,
                Orders.meta(Caller.of(request), null, null),
                id,
                null,
                new Added(pipeline, record, null, error))));
    Letter letter = reads.find(id).orElseThrow(() -> EntryReads.missing(id.pipelinesText()));
    reads.answer(request, 201, letter);
  }

  /** The source record stays where it is. */
  void delete(Context request) {
    Parameters.of(request);
    Letter letter = reads.letter(request, pipelines.id(request));
    Optional<Problem> problem =
        Orders.problem(
            commands.send(
                new LetterCommand(
                    LetterCommand.Type.DISCARD,
                    Orders.meta(Caller.of(request), null, null),
                    letter.id(),
                    null,
                    null)));
    if (problem.isPresent()) {
      throw problem.get().status() == 404
          ? EntryReads.missing(request.pathParam("id"))
          : problem.get();
    }
    request.status(204);
  }
}
