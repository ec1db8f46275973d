// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.codec.CommandJson.Read;
import dev.redrive.codec.CommandJson.Reading;
import dev.redrive.codec.CommandJson.Unreadable;
import dev.redrive.command.Added;
import dev.redrive.command.Command;
import dev.redrive.letter.FailureFacts;
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
  private static final List<String> TYPES = List.of("replay", "discard", "add");
  private static final List<String> ADD_FIELDS = List.of("key", "value", "headers", "error");
  private static final List<String> FIELDS =
      List.of(
          "type",
          "command_id",
          "request_id",
          "letter_ids",
          "pipeline_id",
          "record_ids",
          "options",
          "requested_by",
          "note",
          "mode",
          "key",
          "value",
          "headers",
          "error");

  // What belongs to runs is known, so that its sender is told that it comes later, not that it is
  // misspelt.
  private static final List<String> RUN_TYPES = List.of("cancel", "resume", "callback");
  private static final List<String> RUN_FIELDS = List.of("filter", "all", "run_id");
  private static final List<String> RUN_OPTIONS =
      List.of("rate", "max_in_flight", "canary", "order", "keep_order", "dry_run", "name");
  private static final String NOT_YET =
      "belongs to runs, which this version does not have; send one command for each letter";

  private final Problems problems = new Problems();
  private final String defaultCommandId;
  private final String defaultRequestId;

  CommandReader(String defaultCommandId, String defaultRequestId) {
    this.defaultCommandId = defaultCommandId;
    this.defaultRequestId = defaultRequestId;
  }

  Reading read(byte @Nullable [] value) {
    ObjectNode tree = Json.parse(value, problems);
    if (tree == null) {
      return unreadable(defaultCommandId, defaultRequestId);
    }
    JsonFields fields = new JsonFields(tree, "", problems);
    Command.Meta meta = meta(fields);
    Command.Type type = type(fields);
    refuseFieldsOfRuns(fields, "", RUN_FIELDS);
    fields.onlyKnown(FIELDS, RUN_FIELDS);
    refuseFieldsOfOtherTypes(fields, type);
    String priority = priority(fields.object("options"));
    Target target = target(fields, type);
    Added added = type == Command.Type.ADD ? added(fields, target) : null;
    if (!problems.none() || type == null || target == null) {
      return unreadable(meta.commandId(), meta.requestId());
    }
    return new Read(new Command(type, meta, target.letter, priority, added));
  }

  /**
   * A letter and what it was named by.
   *
   * @param pipelineId null where it was named by its id; so is {@code recordId}
   */
  private record Target(LetterId letter, @Nullable String pipelineId, @Nullable String recordId) {}

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

  private Command.@Nullable Type type(JsonFields fields) {
    String word = fields.required("type", Integer.MAX_VALUE);
    if (word == null) {
      return null;
    }
    if (RUN_TYPES.contains(word)) {
      problems.unsupported(
          "/type", word + " is not done by this version; it does " + String.join(", ", TYPES));
      return null;
    }
    return fields.word("type", TYPES) == null
        ? null
        : Command.Type.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private void refuseFieldsOfRuns(JsonFields fields, String pointer, List<String> names) {
    for (String name : names) {
      if (fields.has(name)) {
        problems.unsupported(pointer + "/" + name, NOT_YET);
      }
    }
  }

  private void refuseFieldsOfOtherTypes(JsonFields fields, Command.@Nullable Type type) {
    if (type == null) {
      return;
    }
    if (type != Command.Type.ADD) {
      ADD_FIELDS.stream()
          .filter(fields::hasNonNull)
          .forEach(name -> problems.invalid("/" + name, "is only for type add"));
    }
    if (type != Command.Type.REPLAY) {
      List.of("options", "mode").stream()
          .filter(fields::hasNonNull)
          .forEach(name -> problems.invalid("/" + name, "is only for type replay"));
    }
  }

  private @Nullable String priority(@Nullable JsonFields options) {
    if (options == null) {
      return null;
    }
    refuseFieldsOfRuns(options, "/options", RUN_OPTIONS);
    options.onlyKnown(List.of("priority"), RUN_OPTIONS);
    return options.word("priority", List.of("high", "normal", "low"));
  }

  private @Nullable Target target(JsonFields fields, Command.@Nullable Type type) {
    boolean byId = fields.has("letter_ids");
    boolean byRecord = fields.has("pipeline_id") || fields.has("record_ids");
    if (RUN_FIELDS.stream().anyMatch(fields::has)) {
      return null;
    }
    if (byId == byRecord) {
      problems.invalid(
          "",
          (byId ? "has two targets" : "has no target")
              + "; give either letter_ids, or pipeline_id and record_ids");
      return null;
    }
    if (byId && type == Command.Type.ADD) {
      problems.invalid("/letter_ids", "does not do for add; give pipeline_id and record_ids");
      return null;
    }
    return byId ? targetById(fields) : targetByRecord(fields);
  }

  private @Nullable Target targetById(JsonFields fields) {
    String text = single(fields, "letter_ids", CommandJson.MAX_ID);
    if (text == null) {
      return null;
    }
    LetterId letter = LetterId.parse(text).orElse(null);
    if (letter == null) {
      problems.invalid(
          "/letter_ids/0", "is no letter id: dlq_ or pdl_ and 26 characters of Crockford's base32");
      return null;
    }
    return new Target(letter, null, null);
  }

  private @Nullable Target targetByRecord(JsonFields fields) {
    String pipeline = fields.required("pipeline_id", FailureFacts.MAX_PIPELINE_ID);
    String record = single(fields, "record_ids", FailureFacts.MAX_RECORD_ID);
    return pipeline == null || record == null
        ? null
        : new Target(LetterId.of(pipeline, record), pipeline, record);
  }

  private @Nullable String single(JsonFields fields, String name, int max) {
    List<String> texts = fields.texts(name, max);
    if (texts.size() > 1) {
      problems.unsupported("/" + name, "names more than one letter: that " + NOT_YET);
      return null;
    }
    return texts.isEmpty() ? null : texts.get(0);
  }

  private @Nullable Added added(JsonFields fields, @Nullable Target target) {
    RawRecord record = record(fields);
    var error = ErrorJson.read(fields.object("error"));
    return target == null || target.pipelineId == null || target.recordId == null
        ? null
        : new Added(target.pipelineId, target.recordId, record, error);
  }

  /** Null where nothing is given: an added letter without a record is replayed by reference. */
  private @Nullable RawRecord record(JsonFields fields) {
    RawBytes key = fields.base64("key");
    RawBytes value = fields.base64("value");
    List<Header> headers = headers(fields.objects("headers"));
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
