// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Texts;
import dev.redrive.dialect.header.Warnings;
import dev.redrive.dialect.own.RedriveHeaders;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.ReplayMark;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which letter a failure belongs to: own headers first, then the settings, then what the convention
 * always writes, then where the record lay, then the id of a message that keeps it.
 *
 * @param letterId the letter that a replay's header names, unless the ids beside it say that the
 *     failure is another's
 */
record Identity(
    LetterId letterId, String pipelineId, String recordId, @Nullable ReplayMark replay) {

  /** The numbers of the identity headers. */
  static final class Names {
    final HeaderName letterId;
    final HeaderName pipelineId;
    final HeaderName recordId;
    final HeaderName runId;
    final HeaderName attempt;
    final HeaderName connectionId;
    final HeaderName pipelineRunId;
    final HeaderName payload;
    final MessageIds messages;

    Names(HeaderNames names) {
      letterId = names.of(RedriveHeaders.LETTER_ID);
      pipelineId = names.of(RedriveHeaders.PIPELINE_ID);
      recordId = names.of(RedriveHeaders.RECORD_ID);
      runId = names.of(RedriveHeaders.RUN_ID);
      attempt = names.of(RedriveHeaders.ATTEMPT);
      connectionId = names.of(RedriveHeaders.CONNECTION_ID);
      pipelineRunId = names.of(RedriveHeaders.PIPELINE_RUN_ID);
      payload = names.of(RedriveHeaders.PAYLOAD);
      messages = new MessageIds(names);
    }
  }

  static Identity of(
      Names names,
      HeaderScan ids,
      Told told,
      Inbound inbound,
      DialectRules rules,
      Warnings warnings) {
    String ownPipeline = own(names.pipelineId, FailureFacts.MAX_PIPELINE_ID, ids, warnings);
    String ownRecord = own(names.recordId, FailureFacts.MAX_RECORD_ID, ids, warnings);
    if (told.ids().own()) {
      // An envelope's ids are our own contract's too, and newer than headers that came along.
      String pipeline = told.ids().pipelineId();
      String record = told.ids().recordId();
      ownPipeline = pipeline == null ? ownPipeline : fitting(pipeline, "pipeline_id", warnings);
      ownRecord =
          record == null
              ? ownRecord
              : shortened(record, FailureFacts.MAX_RECORD_ID, "record_id", warnings);
    }
    LetterId named = named(names, ids, warnings);
    String pipeline =
        ownPipeline != null ? ownPipeline : pipelineOf(told, inbound, rules, warnings);
    String message = rules.messageIds() ? names.messages.of(ids) : null;
    String record =
        ownRecord != null ? ownRecord : recordOf(told, message, inbound, named != null, warnings);
    LetterId derived = LetterId.of(pipeline, record);
    ReplayMark mark = mark(names, ids, warnings);
    if (named == null || named.equals(derived)) {
      return new Identity(derived, pipeline, record, mark);
    }
    if (ownPipeline == null || ownRecord == null) {
      return new Identity(named, pipeline, record, mark);
    }
    warnings.add(
        "header redrive-letter-id names "
            + named
            + ", but pipeline and record beside it are of "
            + derived
            + ": taken as a failure of the latter, and as no replay");
    return new Identity(derived, pipeline, record, null);
  }

  private static @Nullable LetterId named(Names names, HeaderScan ids, Warnings warnings) {
    String text = ids.text(names.letterId);
    if (text == null) {
      return null;
    }
    Optional<LetterId> id = LetterId.parse(text);
    if (id.isEmpty()) {
      warnings.add("header redrive-letter-id: not a letter id; ignored");
    }
    return id.orElse(null);
  }

  private static @Nullable ReplayMark mark(Names names, HeaderScan ids, Warnings warnings) {
    String run =
        Texts.bounded(ids.text(names.runId), Texts.MAX_SHORT, "header redrive-run-id", warnings);
    Long number = ids.decimal(ids.last(names.attempt));
    if (number != null && (number < 1 || number > Integer.MAX_VALUE)) {
      warnings.add("header redrive-attempt: " + number + " is no attempt; ignored");
      number = null;
    }
    Integer attempt = number == null ? null : Integer.valueOf(number.intValue());
    return run == null && attempt == null ? null : new ReplayMark(run, attempt);
  }

  private static String pipelineOf(
      Told told, Inbound inbound, DialectRules rules, Warnings warnings) {
    Optional<String> configured = rules.pipelineOf(inbound.topic());
    if (configured.isPresent()) {
      return fitting(configured.get(), "the settings' pipeline", warnings);
    }
    String written = told.ids().own() ? null : told.ids().pipelineId();
    if (written != null && !written.isEmpty()) {
      return fitting(written, "the pipeline that its producer names", warnings);
    }
    return fitting(inbound.topic(), "the error topic's name", warnings);
  }

  private static String recordOf(
      Told told, @Nullable String chosen, Inbound inbound, boolean isNamed, Warnings warnings) {
    Optional<Coordinates> source = told.source().coordinates();
    if (source.isPresent() && chosen == null) {
      return shortened(
          source.get().toString(), FailureFacts.MAX_RECORD_ID, "the record's origin", warnings);
    }
    String foreign = told.ids().own() ? null : told.ids().recordId();
    String message = chosen != null ? chosen : foreign;
    if (message != null && !message.isEmpty()) {
      return shortened(message, FailureFacts.MAX_RECORD_ID, "the message's id", warnings);
    }
    if (!isNamed) {
      warnings.add(
          "nothing says which record this is or where it came from: if it fails again, it will be"
              + " another letter; send the header redrive-record-id");
    }
    Told.Part part = told.part();
    // With a part the id must not read as coordinates: they are those of the whole batch.
    String suffix = part == null || part.number() < 0 ? "" : "#" + part.number();
    return shortened(
        inbound.coordinates() + suffix, FailureFacts.MAX_RECORD_ID, "its place", warnings);
  }

  private static @Nullable String own(HeaderName name, int max, HeaderScan ids, Warnings warnings) {
    RawBytes value = ids.value(ids.last(name));
    if (value == null) {
      return null;
    }
    String text = value.text();
    if (text.isEmpty()) {
      warnings.add("header " + name.text() + ": empty; ignored");
      return null;
    }
    if (text.indexOf('\uFFFD') >= 0 && !RawBytes.utf8(text).equals(value)) {
      // Two ids that differ in such bytes only must stay two.
      warnings.add("header " + name.text() + ": not UTF-8; a hash stands for the rest of it");
      return Texts.shortened(text, value.array(), max);
    }
    return shortened(text, max, "header " + name.text(), warnings);
  }

  private static String fitting(String pipeline, String what, Warnings warnings) {
    return shortened(pipeline, FailureFacts.MAX_PIPELINE_ID, what, warnings);
  }

  private static String shortened(String text, int max, String what, Warnings warnings) {
    if (text.length() <= max && Texts.isWellFormed(text)) {
      return text;
    }
    warnings.add(
        what + ": " + text.length() + " characters or not UTF-8; cut, with a hash of the whole");
    return Texts.shortened(text, RawBytes.utf8(text).array(), max);
  }
}
