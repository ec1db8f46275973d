// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.codec.CommandJson;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RequestBody;
import dev.redrive.letter.Refusal;
import dev.redrive.query.CommandSender;
import dev.redrive.query.RunReader;
import dev.redrive.query.Sent;
import dev.redrive.run.Run;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Starts, cancels and resumes runs: commands, sent the same way as anybody else's. */
final class RunActions {
  private static final Set<String> FIELDS =
      Set.of(
          "type",
          "command_id",
          "letter_ids",
          "pipeline_id",
          "record_ids",
          "filter",
          "all",
          "run_id",
          "options",
          "note",
          "mode");
  private static final List<String> TYPES = List.of("replay", "discard");

  /** A complaint of the command's reader about one place. */
  private static final Pattern COMPLAINT = Pattern.compile("/(\\S+) (.*)");

  /** A plan is counted in a moment, or it is asked for later. */
  private static final long PLAN_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A count that is asked for must be right, so it is waited for longer. */
  private static final long COUNT_WAIT_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final long PLAN_PAUSE_MS = 20;

  private final RunReader runs;
  private final CommandSender commands;
  private final RunReads reads;

  RunActions(RunReader runs, CommandSender commands, RunReads reads) {
    this.runs = runs;
    this.commands = commands;
    this.reads = reads;
  }

  void start(Context request) {
    Parameters.of(request);
    Caller caller = Caller.of(request);
    RunCommand command = command(RequestBody.of(request, FIELDS).object().deepCopy(), caller);
    RunCommand allowed = command.on(within(command.target(), caller));
    String runId = sent(request, allowed);
    if (runId == null) {
      return;
    }
    boolean dryRun = allowed.options().dryRun();
    Run run = dryRun ? planned(runId) : reads.find(runId).orElse(null);
    if (run == null) {
      throw Problem.unavailable("run " + runId + " was started, and can't be read now", List.of());
    }
    if (!RunReads.sees(caller, run)) {
      throw taken();
    }
    reads.answer(request, dryRun && run.state().ended() ? 200 : 202, run);
  }

  void cancel(Context request) {
    control(request, RunControl.Verb.CANCEL);
  }

  void resume(Context request) {
    control(request, RunControl.Verb.RESUME);
  }

  private void control(Context request, RunControl.Verb verb) {
    Parameters.of(request);
    Optional<String> note = RequestBody.of(request, Set.of("note")).text("note", 2_000);
    Run run = reads.visible(request);
    Command.Meta meta =
        new Command.Meta(
            "http-" + UUID.randomUUID(),
            UUID.randomUUID().toString(),
            Caller.of(request).name(),
            note.filter(text -> !text.isEmpty()).orElse(null),
            null);
    String runId = sent(request, new RunControl(verb, meta, run.id()));
    if (runId != null) {
      reads.answer(request, 200, reads.find(runId).orElse(run));
    }
  }

  /** Reads the body by the rules of the command topic; who asks is known from the key. */
  private static RunCommand command(ObjectNode body, Caller caller) {
    if (!body.hasNonNull("type")) {
      body.put("type", "replay");
    }
    if (!TYPES.contains(body.path("type").asText())) {
      throw Problem.field("type", "must be one of " + String.join(", ", TYPES));
    }
    body.put("requested_by", caller.name()).put("request_id", UUID.randomUUID().toString());
    byte[] json = body.toString().getBytes(StandardCharsets.UTF_8);
    CommandJson.Reading reading = CommandJson.readRun(json, "http-" + UUID.randomUUID(), "unknown");
    if (reading instanceof CommandJson.Read read && read.command() instanceof RunCommand run) {
      return run;
    }
    throw invalid(((CommandJson.Unreadable) reading).refusal());
  }

  /** A filter as commands have it; one without fields means every letter. */
  static LetterFilter filter(ObjectNode fields, Caller caller) {
    ObjectNode command = JsonNodeFactory.instance.objectNode().put("type", "replay");
    if (fields.isEmpty()) {
      command.put("all", true);
    } else {
      command.set("filter", fields);
    }
    return command(command, caller).target().filter();
  }

  /**
   * The run once its letters are counted.
   *
   * @throws Problem 503 where they are not in a bounded time: a count of those found so far would
   *     pass for the whole
   */
  Run counted(String runId) {
    Run run =
        awaited(
            runId,
            found -> found.progress().selectedAt() != null || found.state().ended(),
            COUNT_WAIT_NANOS);
    if (run == null || (run.progress().selectedAt() == null && !run.state().ended())) {
      throw Problem.unavailable(
          "its letters are still being counted", List.of(new Problem.Detail("run_id", runId)));
    }
    return run;
  }

  /** What the caller may see of what they ask for. */
  private static RunTarget within(RunTarget target, Caller caller) {
    LetterFilter asked = target.filter();
    Set<String> pipelines = asked.values(Attribute.PIPELINE);
    Optional<String> hidden =
        pipelines.stream().filter(pipeline -> !caller.sees(pipeline)).findFirst();
    if (hidden.isPresent()) {
      throw Problem.of(
          403, "forbidden", "the key " + caller.name() + " may not see pipeline " + hidden.get());
    }
    LetterFilter visible =
        (pipelines.isEmpty() ? asked.with(Attribute.PIPELINE, caller.pipelines()) : asked)
            .asMasked(!caller.reveals());
    return target instanceof RunTarget.Picked picked
        ? new RunTarget.Picked(picked.letters(), visible)
        : new RunTarget.Matching(visible);
  }

  /** The run's id; null where the request was answered here: nothing is known yet. */
  private @Nullable String sent(Context request, Command command) {
    Sent sent = commands.send(command);
    if (sent instanceof Sent.Unsent unsent) {
      throw Problem.unavailable(
          "the command was not taken, try again: " + unsent.reason(),
          List.of(new Problem.Detail("command_id", unsent.commandId())));
    }
    if (sent instanceof Sent.Pending pending) {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      body.putObject("data")
          .putNull("run_id")
          .put("command_id", pending.commandId())
          .put("status", "pending");
      Json.answer(request, 202, body);
      return null;
    }
    Answer answer = ((Sent.Done) sent).answer();
    Refusal refusal = answer.refusal();
    String runId = answer.runId();
    if (refusal == null) {
      // An id that a command on one letter had: it is answered with that one's answer.
      if (runId == null || (answer.duplicate() && reads.find(runId).isEmpty())) {
        throw taken();
      }
      return runId;
    }
    if (answer.duplicate() && !own(runId, Caller.of(request))) {
      throw taken();
    }
    throw Problem.of(
        refusal.code().httpStatus(),
        refusal.code().name().toLowerCase(Locale.ROOT),
        refusal.message(),
        runId == null ? List.of() : List.of(new Problem.Detail("run_id", runId)));
  }

  /**
   * Whether the first answer to a repeated command is for the caller: with a command id of somebody
   * else they would be told what that one asked for.
   */
  private boolean own(@Nullable String runId, Caller caller) {
    return !caller.restricted()
        || (runId != null
            && reads.find(runId).filter(run -> RunReads.sees(caller, run)).isPresent());
  }

  private static Problem taken() {
    return Problem.of(
        409, "command_id_taken", "another command has this command_id; choose another");
  }

  private @Nullable Run planned(String runId) {
    return awaited(runId, run -> run.state().ended(), PLAN_WAIT_NANOS);
  }

  private @Nullable Run awaited(String runId, Predicate<Run> enough, long waitNanos) {
    long deadline = System.nanoTime() + waitNanos;
    Run run = reads.find(runId).orElse(null);
    while (run != null && !enough.test(run) && System.nanoTime() < deadline) {
      try {
        Thread.sleep(PLAN_PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return run;
      }
      run = Answers.require(runs.run(runId)).value().orElse(run);
    }
    return run;
  }

  private static Problem invalid(Refusal refusal) {
    List<Problem.Detail> details = new ArrayList<>();
    String all = refusal.message().substring(refusal.message().indexOf(": ") + 2);
    for (String each : all.split("; ", -1)) {
      Matcher complaint = COMPLAINT.matcher(each);
      if (complaint.matches()) {
        details.add(new Problem.Detail(complaint.group(1).replace('/', '.'), complaint.group(2)));
      }
    }
    String code = refusal.code() == Refusal.Code.UNSUPPORTED ? "unsupported" : "invalid_request";
    return Problem.of(400, code, all, details);
  }
}
