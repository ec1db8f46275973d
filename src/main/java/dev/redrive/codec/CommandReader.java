// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.codec.CommandJson.Read;
import dev.redrive.codec.CommandJson.Reading;
import dev.redrive.codec.CommandJson.Unreadable;
import dev.redrive.codec.TargetReader.Named;
import dev.redrive.codec.TargetReader.Target;
import dev.redrive.command.Added;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunOptions;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One reading of a command; {@link CommandJson} says what it may look like. */
final class CommandReader {
  private static final int MAX_NOTE = 2_000;
  private static final int MAX_HEADER_NAME = 10_000;
  private static final List<String> ON_LETTERS = List.of("replay", "discard");
  private static final List<String> ON_RUNS = List.of("cancel", "resume");
  private static final String ADD = "add";
  private static final String CALLBACK = "callback";
  private static final List<String> TYPES =
      List.of("replay", "discard", ADD, CALLBACK, "cancel", "resume");
  private static final List<String> ADD_FIELDS = List.of("key", "value", "error");
  private static final String HEADERS = "headers";

  /** Names that say whose replay a record is; nobody else gives those. */
  private static final String OURS = "redrive-";

  private static final List<String> FIELDS =
      List.of(
          "type",
          "command_id",
          "request_id",
          "letter_ids",
          "pipeline_id",
          "record_ids",
          "filter",
          "all",
          "run_id",
          "options",
          "requested_by",
          "note",
          "mode",
          "action",
          "key",
          "value",
          HEADERS,
          "error");

  private final Problems problems = new Problems();
  private final String defaultCommandId;
  private final String defaultRequestId;
  private final boolean asRun;

  /**
   * @param asRun whether one letter makes a run as well
   */
  CommandReader(String defaultCommandId, String defaultRequestId, boolean asRun) {
    this.defaultCommandId = defaultCommandId;
    this.defaultRequestId = defaultRequestId;
    this.asRun = asRun;
  }

  Reading read(byte @Nullable [] value) {
    ObjectNode tree = Json.parse(value, problems);
    if (tree == null) {
      return unreadable(defaultCommandId, defaultRequestId);
    }
    JsonFields fields = new JsonFields(tree, "", problems);
    Command.Meta meta = meta(fields);
    String type = type(fields);
    fields.onlyKnown(FIELDS, List.of());
    refuseFieldsOfOtherTypes(fields, type);
    RunOptions options = RunOptionsReader.read(fields.object("options"), type, problems);
    Command command = type == null ? untyped(fields) : command(fields, type, meta, options);
    return problems.none() && command != null
        ? new Read(command)
        : unreadable(meta.commandId(), meta.requestId());
  }

  private Unreadable unreadable(String commandId, String requestId) {
    return new Unreadable(commandId, requestId, problems.refusal("this command was not done"));
  }

  private Command.Meta meta(JsonFields fields) {
    String commandId = fields.text("command_id", CommandJson.MAX_ID);
    String requestId = fields.text("request_id", CommandJson.MAX_ID);
    return new Command.Meta(
        commandId == null ? defaultCommandId : commandId,
        requestId == null ? defaultRequestId : requestId,
        fields.text("requested_by", CommandJson.MAX_ID),
        fields.text("note", MAX_NOTE),
        fields.word("mode", List.of("restart", "resume")));
  }

  private @Nullable String type(JsonFields fields) {
    String word = fields.required("type", Integer.MAX_VALUE);
    return word == null ? null : fields.word("type", TYPES);
  }

  private void refuseFieldsOfOtherTypes(JsonFields fields, @Nullable String type) {
    if (type == null) {
      return;
    }
    if (!type.equals(ADD)) {
      only(fields, ADD_FIELDS, "is only for type add");
    }
    if (!type.equals("replay") && !type.equals(ADD)) {
      only(fields, List.of(HEADERS), "is only for types add and replay");
    }
    if (!type.equals("replay")) {
      only(fields, List.of("mode"), "is only for type replay");
    }
    if (!type.equals(CALLBACK)) {
      only(fields, List.of("action"), "is only for type callback");
    }
    if (!ON_LETTERS.contains(type)) {
      only(fields, List.of("options", "filter", "all"), "is only for types replay and discard");
    }
    if (type.equals(ADD) || type.equals(CALLBACK)) {
      only(fields, List.of("run_id"), "is not for type " + type);
    }
    if (ON_RUNS.contains(type)) {
      List<String> letters = List.of("letter_ids", "pipeline_id", "record_ids");
      letters.stream()
          .filter(fields::has)
          .forEach(name -> fields.invalid(name, "is not for type " + type + "; give run_id"));
    }
  }

  private static void only(JsonFields fields, List<String> names, String what) {
    names.stream().filter(fields::hasNonNull).forEach(name -> fields.invalid(name, what));
  }

  /** Its target is looked at nevertheless, so that all that is wrong is said at once. */
  private @Nullable Command untyped(JsonFields fields) {
    new TargetReader(fields, problems).read();
    return null;
  }

  private @Nullable Command command(
      JsonFields fields, String type, Command.Meta meta, RunOptions options) {
    if (ON_RUNS.contains(type)) {
      String runId = fields.required("run_id", CommandJson.MAX_ID);
      RunControl.Verb verb = RunControl.Verb.valueOf(type.toUpperCase(Locale.ROOT));
      return runId == null ? null : new RunControl(verb, meta, runId);
    }
    TargetReader targets = new TargetReader(fields, problems);
    if (type.equals(ADD)) {
      Named named = targets.record();
      Added added = added(fields, named);
      return named == null || added == null
          ? null
          : new LetterCommand(LetterCommand.Type.ADD, meta, named.letter(), null, added);
    }
    Target target = targets.read();
    if (target == null) {
      return null;
    }
    LetterId single = target.single();
    if (type.equals(CALLBACK)) {
      return callback(fields, meta, single);
    }
    if (single != null && !asRun && RunOptionsReader.saysNothingOfRuns(fields.object("options"))) {
      LetterCommand.Type what = LetterCommand.Type.valueOf(type.toUpperCase(Locale.ROOT));
      List<Header> headers = headers(fields.objects(HEADERS));
      if (headers.stream().anyMatch(header -> header.name().startsWith(OURS))) {
        fields.invalid(HEADERS, "must not have names that start with " + OURS);
      }
      return new LetterCommand(what, meta, single, options.priority(), null, headers);
    }
    only(fields, List.of(HEADERS), "is only for the replay of one letter");
    RunCommand.Action action = RunCommand.Action.valueOf(type.toUpperCase(Locale.ROOT));
    if (Boolean.TRUE.equals(options.exclusive()) && target.run().onlyPipeline().isEmpty()) {
      problems.invalid(
          "/options/exclusive", "needs one pipeline: give pipeline_id, or filter/pipeline_id");
    }
    return new RunCommand(action, meta, target.run(), options);
  }

  private @Nullable Command callback(
      JsonFields fields, Command.Meta meta, @Nullable LetterId letter) {
    String action = fields.word("action", List.of("rerun", "cancel"));
    if (letter == null || asRun) {
      problems.invalid("", "is about one failure callback; name one letter, in a command");
      return null;
    }
    LetterCommand.Type type =
        "cancel".equals(action)
            ? LetterCommand.Type.CANCEL_CALLBACK
            : LetterCommand.Type.RERUN_CALLBACK;
    return new LetterCommand(type, meta, letter, null, null);
  }

  private @Nullable Added added(JsonFields fields, @Nullable Named named) {
    RawRecord record = record(fields);
    var error = ErrorJson.read(fields.object("error"));
    return named == null ? null : new Added(named.pipelineId(), named.recordId(), record, error);
  }

  /** Null where nothing is given: an added letter without a record is replayed by reference. */
  private @Nullable RawRecord record(JsonFields fields) {
    RawBytes key = fields.base64("key");
    RawBytes value = fields.base64("value");
    List<Header> headers = headers(fields.objects(HEADERS));
    if (key == null && value == null && headers.isEmpty()) {
      return null;
    }
    if (!fields.has("value")) {
      // Left out by mistake it would become a tombstone, which deletes data downstream.
      problems.invalid("/value", "is missing; null says that the record is a tombstone");
    }
    return new RawRecord(key, value, headers);
  }

  private static List<Header> headers(List<JsonFields> items) {
    List<Header> headers = new ArrayList<>();
    for (JsonFields item : items) {
      item.onlyKnown(List.of("name", "value"), List.of());
      String name = item.required("name", MAX_HEADER_NAME);
      RawBytes value = item.base64("value");
      if (name != null) {
        headers.add(new Header(name, value));
      }
    }
    return headers;
  }
}
