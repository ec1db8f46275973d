// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Orders;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RequestBody;
import dev.redrive.http.workflows.WorkflowReads.Page;
import dev.redrive.letter.Header;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.CommandSender;
import dev.redrive.query.Sent;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Delete, restart, resume and retry: commands on single letters, a page of them at a time. The
 * caller goes on with the cursor, so no run is needed that would go on without them.
 */
final class WorkflowActions {
  private static final int MAX_DELETED = 100;
  private static final int MAX_SENT = 50;

  private final WorkflowReads reads;
  private final CommandSender commands;
  private final Clock clock;

  WorkflowActions(WorkflowReads reads, CommandSender commands, Clock clock) {
    this.reads = reads;
    this.commands = commands;
    this.clock = clock;
  }

  /** How a letter is sent again; each answers in its own form. */
  enum Mode {
    RESTART("restart", "workflowRuns"),
    RESUME("resume", "workflowRuns"),
    RETRY(null, "responses");

    private final @Nullable String word;
    private final String list;

    Mode(@Nullable String word, String list) {
      this.word = word;
      this.list = list;
    }
  }

  /** A command and what became of it. */
  private record Fate(LetterId id, Sent sent) {}

  void delete(Context request) {
    Parameters.of(request);
    Caller caller = Caller.of(request);
    Letter letter = reads.letter(WorkflowReads.id(request.pathParam("id")), caller);
    done(fates(List.of(letter), LetterCommand.Type.DISCARD, null, List.of(), caller).get(0));
    request.status(200);
  }

  void deleteMany(Context request) {
    Asked asked = Asked.of(request);
    Caller caller = Caller.of(request);
    List<String> inBody = dlqIds(request);
    boolean named = asked.names() || !inBody.isEmpty();
    asked.requireValues();
    Page page =
        named
            ? named(asked.names() ? asked.dlqIds() : inBody, MAX_DELETED, caller)
            : reads.page(request, asked, asked.countUpTo(MAX_DELETED));
    List<Fate> fates = fates(page.letters(), LetterCommand.Type.DISCARD, null, List.of(), caller);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("deleted", fates.size() - refused(fates, named, body));
    answer(request, 200, body, page, named);
  }

  void send(Context request, Mode mode) {
    Parameters.of(request);
    Caller caller = Caller.of(request);
    Letter letter = reads.letter(WorkflowReads.id(request.pathParam("id")), caller);
    Fate fate =
        fates(List.of(letter), LetterCommand.Type.REPLAY, mode.word, Overrides.of(request), caller)
            .get(0);
    Json.answer(request, status(mode), sent(mode, done(fate)));
  }

  void sendMany(Context request, Mode mode) {
    Asked asked = Asked.of(request);
    Caller caller = Caller.of(request);
    asked.requireValues();
    Page page =
        asked.names()
            ? whole(asked.dlqIds(), caller)
            : reads.page(request, asked, asked.countUpTo(MAX_SENT));
    List<Fate> fates =
        fates(page.letters(), LetterCommand.Type.REPLAY, mode.word, Overrides.of(request), caller);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    refused(fates, asked.names(), body);
    var list = body.putArray(mode.list);
    for (Fate fate : fates) {
      if (Orders.problem(fate.sent()).isEmpty()) {
        list.add(sent(mode, Orders.done(fate.sent())));
      }
    }
    answer(request, status(mode), body, page, asked.names());
  }

  void rerunCallback(Context request) {
    Letter letter = callback(request, LetterCommand.Type.RERUN_CALLBACK);
    Json.answer(request, 200, MessageJson.run(letter));
  }

  /** The vendor answers with 302 and nowhere to go, so clients take it as it is. */
  void cancelCallback(Context request) {
    callback(request, LetterCommand.Type.CANCEL_CALLBACK);
    request.status(302);
  }

  /** The letter whose callback it was. */
  private Letter callback(Context request, LetterCommand.Type type) {
    Parameters.of(request);
    Caller caller = Caller.of(request);
    Letter letter = reads.letter(WorkflowReads.id(request.pathParam("id")), caller);
    done(fates(List.of(letter), type, null, List.of(), caller).get(0));
    return letter;
  }

  private Page named(List<String> ids, int max, Caller caller) {
    return new Page(reads.known(WorkflowReads.ids(ids, max), caller), "");
  }

  /** All of them or nothing: none is sent where one is not there. */
  private Page whole(List<String> texts, Caller caller) {
    List<LetterId> ids = WorkflowReads.ids(texts, MAX_SENT);
    List<Letter> known = reads.known(ids, caller);
    if (known.size() < ids.size()) {
      throw Problem.notFound("Some DLQ messages were not found");
    }
    return new Page(known, "");
  }

  private List<Fate> fates(
      List<Letter> letters,
      LetterCommand.Type type,
      @Nullable String mode,
      List<Header> overrides,
      Caller caller) {
    List<Command> all = new ArrayList<>();
    for (Letter letter : letters) {
      all.add(
          new LetterCommand(
              type, Orders.meta(caller, null, mode), letter.id(), null, null, overrides));
    }
    List<Sent> sent = commands.sendAll(all);
    List<Fate> fates = new ArrayList<>();
    for (int i = 0; i < letters.size(); i++) {
      fates.add(new Fate(letters.get(i).id(), sent.get(i)));
    }
    return fates;
  }

  /**
   * Says of each that was not done why; one that somebody else had meanwhile is just not there.
   *
   * @param named whether they were named one by one: a page of those that fit a filter is told with
   *     its cursor even where none of them could be sent, or who loops could never pass it
   * @return how many were not done
   * @throws Problem where none was, and that is not told otherwise
   */
  private static int refused(List<Fate> fates, boolean named, ObjectNode body) {
    List<Problem> problems = new ArrayList<>();
    List<JsonNode> told = new ArrayList<>();
    for (Fate fate : fates) {
      Optional<Problem> problem = Orders.problem(fate.sent());
      problem.ifPresent(problems::add);
      problem
          .filter(why -> !gone(why))
          .ifPresent(
              why ->
                  told.add(
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("dlqId", fate.id().toString())
                          .put("error", why.explanation())));
    }
    if (problems.size() == fates.size()) {
      problems.stream()
          .filter(why -> !gone(why) && (named || why.status() >= 500))
          .findFirst()
          .ifPresent(
              why -> {
                throw why;
              });
    }
    if (!told.isEmpty()) {
      body.putArray("errors").addAll(told);
    }
    return problems.size();
  }

  private static Answer done(Fate fate) {
    Optional<Problem> problem = Orders.problem(fate.sent());
    if (problem.isPresent()) {
      throw gone(problem.get()) ? WorkflowReads.notFound() : problem.get();
    }
    return Orders.done(fate.sent());
  }

  /** Removed or sent again by somebody else. */
  private static boolean gone(Problem problem) {
    return problem.code().equals("unknown_letter") || problem.code().equals("retrying");
  }

  private ObjectNode sent(Mode mode, Answer answer) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (mode == Mode.RETRY) {
      return json.put("messageId", Ordinary.messageId(answer.runId()))
          .put("deduplicated", answer.duplicate());
    }
    String run = answer.runId() == null ? "" : answer.runId();
    return json.put("workflowRunId", Ordinary.workflowRunId(run))
        .put("workflowCreatedAt", clock.millis());
  }

  private static int status(Mode mode) {
    return mode == Mode.RETRY ? 201 : 200;
  }

  private static void answer(
      Context request, int status, ObjectNode body, Page page, boolean named) {
    if (!named) {
      body.put("cursor", page.cursor());
    }
    Json.answer(request, status, body);
  }

  /** Older clients name them in a body. */
  private static List<String> dlqIds(Context request) {
    JsonNode ids = RequestBody.of(request, Set.of("dlqIds")).json().path("dlqIds");
    if (ids.isMissingNode() || ids.isNull()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    ids.forEach(id -> texts.add(id.asText()));
    if (!ids.isArray() || texts.isEmpty()) {
      throw Problem.field("dlqIds", "must be a list of ids, and not empty");
    }
    return texts;
  }
}
