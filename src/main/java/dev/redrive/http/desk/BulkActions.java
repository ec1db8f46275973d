// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunTarget;
import dev.redrive.config.BulkAction;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.FilterParameters;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Json;
import dev.redrive.http.Orders;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RequestBody;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import dev.redrive.query.CommandSender;
import dev.redrive.query.LetterReader;
import dev.redrive.run.Run;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Reprocess and delete for many letters: runs. Those over a filter need a token that says how many
 * letters they were shown to be about.
 */
final class BulkActions {
  private static final int MAX_IDS = 1_000;
  private static final Duration CONFIRM_WITHIN = Duration.ofMinutes(10);
  private static final Set<String> PRIORITIES = new TreeSet<>(Set.of("high", "normal", "low"));

  private final LetterReader letters;
  private final CommandSender commands;
  private final RunActions runs;
  private final BulkPolicy policy;
  private final Clock clock;

  BulkActions(
      LetterReader letters,
      CommandSender commands,
      RunActions runs,
      BulkPolicy policy,
      Clock clock) {
    this.letters = letters;
    this.commands = commands;
    this.runs = runs;
    this.policy = policy;
    this.clock = clock;
  }

  /** The letters that are named. */
  void some(Context request) {
    Parameters.of(request);
    RequestBody body = RequestBody.of(request, Set.of("action", "ids", "priority"));
    BulkAction action = action(body);
    Optional<String> priority = body.word("priority", PRIORITIES);
    List<String> ids = ids(body.json().path("ids"));
    Caller caller = Caller.of(request);
    Set<LetterId> accepted = new TreeSet<>();
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("action", word(action));
    List<ObjectNode> errors = new ArrayList<>();
    for (String id : ids) {
      Optional<ObjectNode> refused = refused(id, caller, accepted);
      refused.ifPresent(errors::add);
    }
    data.put("requested", ids.size())
        .put("accepted", accepted.size())
        .put("rejected", errors.size());
    data.put("job_id", accepted.isEmpty() ? null : started(action, accepted, priority, caller));
    data.putArray("errors").addAll(errors);
    answer(request, 200, data);
  }

  /** All that fit a filter, with a token; without one, what it would be, and a token. */
  void all(Context request) {
    Parameters.of(request);
    RequestBody body = RequestBody.of(request, Set.of("action", "filters", "confirm_token"));
    BulkAction action = action(body);
    Caller caller = Caller.of(request);
    if (!body.json().path("filters").isObject()) {
      throw Problem.field("filters", "is missing; {} means all letters");
    }
    LetterFilter filter =
        FilterParameters.visible(
            RunActions.filter((ObjectNode) body.json().path("filters"), caller), caller);
    Optional<String> token = body.text("confirm_token", 200);
    if (token.isEmpty()) {
      confirm(request, action, filter, caller);
      return;
    }
    if (!policy.tokens().valid(token.get(), caller.name(), action, filter, clock.millis())) {
      throw invalidToken();
    }
    Command.Meta meta =
        new Command.Meta(token.get(), UUID.randomUUID().toString(), caller.name(), null, null);
    Answer answer =
        Orders.done(
            commands.send(
                new RunCommand(act(action), meta, RunTarget.of(filter), RunOptions.NONE)));
    if (answer.duplicate()) {
      throw invalidToken();
    }
    String runId = String.valueOf(answer.runId());
    Run run = runs.counted(runId);
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("action", word(action));
    data.put("matched_count", run.sums().matched())
        .put("bulk_operation_id", Jobs.OPERATION + Jobs.bare(runId))
        .put("status", "running");
    answer(request, 202, data);
  }

  private void confirm(Context request, BulkAction action, LetterFilter filter, Caller caller) {
    RunOptions plan = new RunOptions(null, null, null, null, false, null, true, null, null);
    RunCommand count =
        new RunCommand(act(action), Orders.meta(caller, null, null), RunTarget.of(filter), plan);
    Run run = runs.counted(String.valueOf(Orders.done(commands.send(count)).runId()));
    long expiresAt = clock.millis() + CONFIRM_WITHIN.toMillis();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("code", "confirmation_required")
        .put("message", "send the same request with confirm_token to do this")
        .putArray("details");
    body.putObject("data")
        .put("matched_count", run.sums().matched())
        .put("confirm_token", policy.tokens().make(caller.name(), action, filter, expiresAt))
        .put("expires_at", IsoTime.write(expiresAt));
    Json.answer(request, 409, body);
  }

  private String started(
      BulkAction action, Set<LetterId> accepted, Optional<String> priority, Caller caller) {
    LetterFilter filter = FilterParameters.visible(LetterFilter.ALL, caller);
    RunOptions options =
        new RunOptions(null, null, null, null, false, priority.orElse(null), false, null, null);
    RunTarget target = new RunTarget.Picked(List.copyOf(accepted), filter);
    Answer answer =
        Orders.done(
            commands.send(
                new RunCommand(act(action), Orders.meta(caller, null, null), target, options)));
    return Jobs.JOB + Jobs.bare(String.valueOf(answer.runId()));
  }

  /** Why a letter is not taken; empty: it is, and is among the accepted. */
  private Optional<ObjectNode> refused(String text, Caller caller, Set<LetterId> accepted) {
    Optional<LetterId> id = LetterId.parse(text);
    if (id.isEmpty()) {
      return Optional.of(error(text, "invalid_id", "this is no letter id"));
    }
    Optional<Letter> letter =
        Answers.require(letters.letter(id.get()))
            .value()
            .filter(found -> caller.sees(found.head().facts().pipelineId()));
    if (letter.isEmpty()) {
      return Optional.of(error(text, "not_found", "there is no letter " + id.get()));
    }
    if (letter.get().head().status() == LetterState.Status.RETRYING) {
      return Optional.of(error(text, "retrying", "it is being retried; wait for the outcome"));
    }
    return accepted.add(id.get())
        ? Optional.empty()
        : Optional.of(error(text, "duplicate", "it is named more than once"));
  }

  private BulkAction action(RequestBody body) {
    String word =
        body.word("action", new TreeSet<>(Set.of("reprocess", "delete")))
            .orElseThrow(() -> Problem.field("action", "is missing"));
    BulkAction action = BulkAction.valueOf(word.toUpperCase(Locale.ROOT));
    if (!policy.allowed().contains(action)) {
      throw Problem.of(
          403, "action_not_allowed", "bulk " + word + " is not allowed (runs.bulk-actions)");
    }
    return action;
  }

  private static List<String> ids(JsonNode given) {
    if (!given.isArray() || given.isEmpty() || given.size() > MAX_IDS) {
      throw Problem.field("ids", "must be a list of 1 to " + MAX_IDS + " ids");
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode id : given) {
      if (!id.isTextual()) {
        throw Problem.field("ids", "must hold texts only");
      }
      ids.add(id.textValue());
    }
    return ids;
  }

  private static Problem invalidToken() {
    return Problem.of(
        400,
        "invalid_confirm_token",
        "the token is not one for this action and these filters, has expired or was used; send the"
            + " request without it for a new one");
  }

  private static RunCommand.Action act(BulkAction action) {
    return action == BulkAction.DELETE ? RunCommand.Action.DISCARD : RunCommand.Action.REPLAY;
  }

  private static String word(BulkAction action) {
    return action.toString();
  }

  private static ObjectNode error(String id, String code, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("code", code)
        .put("message", message);
  }

  private static void answer(Context request, int status, ObjectNode data) {
    Json.answer(request, status, JsonNodeFactory.instance.objectNode().set("data", data));
  }
}
