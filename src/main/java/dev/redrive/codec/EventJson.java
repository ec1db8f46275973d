// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.TraceContext;
import dev.redrive.run.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as it lies on the events topic: CloudEvents 1.0 in Kafka's binary mode, so the
 * attributes are headers and the value is the data alone ({@code event.json}). No payload, stack
 * trace or error message goes in: whoever may read the audit may not therefore read the records.
 *
 * <p>One is written per arrival, so one generator and one buffer serve all. Not for several
 * threads: each processor has its own.
 *
 * <p>Past 300 lines because the data of all events stand in one place, as in {@code event.json}.
 */
public final class EventJson {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Header VERSION = Header.utf8("ce_specversion", "1.0");
  private static final String TRACE = "ce_traceparent";
  private static final Header JSON = Header.utf8("content-type", "application/json");
  private static final Map<LetterEvent, Header> LETTER_TYPES = letterTypes();
  private static final Header ACCEPTED = type("command.accepted");
  private static final Header REJECTED = type("command.rejected");
  private static final Header OUTCOME_UNREADABLE = type("outcome.unreadable");
  private static final Header GROUP_APPEARED = type("group.appeared");
  private static final Header GROUP_REGRESSED = type("group.regressed");
  private static final Header OFFSETS_RESET = type("offsets.reset");

  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1_024);
  private final JsonGenerator out;
  private final Header source;
  private long textSecond = Long.MIN_VALUE;
  private String textStart = "";
  private Header time = Header.utf8("ce_time", text(0));
  private long timeMillis;

  /**
   * Prepares to write the events of one application.
   *
   * @param applicationId of the Kafka Streams application; the events' {@code ce_source} is {@code
   *     /redrive/} and this
   */
  public EventJson(String applicationId) {
    source = Header.utf8("ce_source", "/redrive/" + applicationId);
    try {
      out = Json.FACTORY.createGenerator(buffer).setRootValueSeparator(null);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
  }

  /**
   * A record of the events topic.
   *
   * @param key the letter's, or the command's id, or the coordinates that it is about
   */
  public record Event(String key, List<Header> headers, RawBytes value) {

    /** Its CloudEvents type. */
    public String type() {
      return headers.stream()
          .filter(header -> header.name().equals("ce_type") && header.value() != null)
          .map(header -> new String(header.value().array(), StandardCharsets.UTF_8))
          .findFirst()
          .orElse("");
    }

    /** The trace that it is a part of. */
    public Optional<TraceContext> trace() {
      return headers.stream()
          .filter(header -> header.name().equals(TRACE) && header.value() != null)
          .map(header -> new String(header.value().array(), StandardCharsets.UTF_8))
          .map(TraceContext::new)
          .findFirst();
    }

    /**
     * Its data for a log: texts that have no line breaks, whatever people put into a note, and of
     * what could not be read or done only the code, since the reason quotes what was sent.
     */
    public Map<String, String> fields() {
      Map<String, String> fields = new LinkedHashMap<>();
      ObjectNode data = Json.parse(value.array(), new Problems());
      if (data != null) {
        if (headers.contains(OUTCOME_UNREADABLE)) {
          data.remove("reason");
        }
        data.properties()
            .forEach(
                field -> {
                  JsonNode each = field.getValue();
                  JsonNode shown = each.path("code").isTextual() ? each.get("code") : each;
                  String text = shown.isValueNode() ? shown.asText() : shown.toString();
                  fields.put(field.getKey(), text.replaceAll("\\p{Cntrl}", " "));
                });
      }
      return fields;
    }
  }

  /**
   * Who or what made it happen; null where nobody said.
   *
   * @param runId else that of the replay that is out
   * @param reason for a person; else the one that the letter's state has
   * @param inferred whether nobody told it: it was concluded
   * @param trace that the record which was sent belongs to: the event is a part of it
   */
  public record Cause(
      @Nullable String runId,
      @Nullable String requestedBy,
      @Nullable String note,
      @Nullable String reason,
      boolean inferred,
      @Nullable TraceContext trace) {
    public static final Cause UNKNOWN = new Cause(null, null, null, null, false);

    /** Outside any trace. */
    public Cause(
        @Nullable String runId,
        @Nullable String requestedBy,
        @Nullable String note,
        @Nullable String reason,
        boolean inferred) {
      this(runId, requestedBy, note, reason, inferred, null);
    }

    public static Cause of(Command.Meta meta, @Nullable String runId) {
      return new Cause(runId, meta.requestedBy(), meta.note(), null, false);
    }

    public Cause in(@Nullable TraceContext other) {
      return new Cause(runId, requestedBy, note, reason, inferred, other);
    }
  }

  /**
   * Something happened to a letter.
   *
   * @param head after it happened; of a letter that is gone, the last; null where there is none
   * @param number with the letter's id it makes {@code ce_id}, so no two events of a letter may
   *     share it: the number of the partition's change
   * @param at epoch milliseconds
   */
  public Event letter(
      LetterEvent what, LetterId id, @Nullable LetterHead head, Cause cause, long number, long at) {
    String subject = id.toString();
    Header type = LETTER_TYPES.get(what);
    return event(
        type == null ? type(what.type()) : type,
        subject + "." + number,
        subject,
        at,
        cause.trace(),
        json -> {
          json.writeStringField("letter_id", subject);
          if (head != null) {
            EventData.writeFacts(json, head.facts());
            EventData.writeState(json, what, head);
          }
          EventData.writeCause(json, head, cause);
        });
  }

  /**
   * A command was answered.
   *
   * @param command null where it could not be read
   * @param trace that the record which it sent belongs to; null: it sent none, or there is none
   * @param at epoch milliseconds
   */
  public Event answered(
      Answer answer, @Nullable Command command, @Nullable TraceContext trace, long at) {
    // A repeat is answered again, under its own request: another event.
    String id =
        answer.commandId().equals(answer.requestId())
            ? answer.commandId()
            : answer.commandId() + "." + answer.requestId();
    return event(
        answer.accepted() ? ACCEPTED : REJECTED,
        id,
        answer.commandId(),
        at,
        trace,
        json -> EventData.writeAnswer(json, answer, command));
  }

  /**
   * Something happened to a run.
   *
   * @param what the last part of the event's type
   * @param by who wanted it; null: nobody did
   * @param number with the run's id it makes {@code ce_id}
   * @param at epoch milliseconds
   */
  public Event run(String what, Run run, Command.@Nullable Meta by, long number, long at) {
    return event(
        type("run." + what),
        run.id() + "." + number + "." + what,
        run.id(),
        at,
        json -> RunData.write(json, run, by));
  }

  /**
   * A record on the outcome topic told nothing.
   *
   * @param where it lies
   * @param at epoch milliseconds
   */
  public Event outcomeUnreadable(Coordinates where, String why, long at) {
    return event(
        OUTCOME_UNREADABLE,
        where.toString(),
        where.toString(),
        at,
        json -> {
          EventData.writeCoordinates(json, "source", where);
          Json.text(json, "reason", why);
        });
  }

  /**
   * Records were gone before they were read.
   *
   * @param wanted where reading should have gone on
   * @param found the offset where it does
   * @param at epoch milliseconds
   */
  public Event offsetsReset(Coordinates wanted, long found, long at) {
    return event(
        OFFSETS_RESET,
        wanted + "." + found,
        wanted.toString(),
        at,
        json -> {
          json.writeStringField("topic", wanted.topic());
          json.writeNumberField("partition", wanted.partition());
          json.writeNumberField("wanted_offset", wanted.offset());
          json.writeNumberField("found_offset", found);
        });
  }

  /**
   * A failure group appeared, or came back after it had been empty.
   *
   * @param pipelineId whose failure it was
   * @param at epoch milliseconds
   */
  public Event group(FailureGroup group, String pipelineId, long at) {
    return event(
        group.times() == 1 ? GROUP_APPEARED : GROUP_REGRESSED,
        group.id() + "." + group.firstSeen() + "." + group.times(),
        group.id(),
        at,
        json -> {
          json.writeStringField("group_id", group.id());
          json.writeStringField("pipeline_id", pipelineId);
          json.writeNumberField("times", group.times());
        });
  }

  /**
   * Somebody did something beside the ledger.
   *
   * @param id of the event, unlike any other
   * @param at epoch milliseconds
   */
  public Event audited(Audited what, String id, long at) {
    Header type = Header.utf8("ce_type", typeOf(what));
    if (what instanceof ArtifactUse use) {
      return event(type, id, use.artifactId(), at, json -> EventData.writeUse(json, use));
    }
    PayloadView view = (PayloadView) what;
    return event(type, id, subject(view, id), at, json -> EventData.writeView(json, view));
  }

  /** The type of such an event. */
  public static String typeOf(Audited what) {
    return typeName(
        what instanceof ArtifactUse use ? "artifact." + use.what().word() : "payload.viewed");
  }

  /** What such an event is about: the letter, or the event itself where there are several. */
  public static String subject(PayloadView view, String id) {
    return view.letters().size() == 1 ? view.letters().get(0).toString() : id;
  }

  private Event event(Header type, String id, String subject, long at, Json.Fields data) {
    return event(type, id, subject, at, null, data);
  }

  /** The trace goes into CloudEvents' attribute for it, which tracing programs know. */
  private Event event(
      Header type,
      String id,
      String subject,
      long at,
      @Nullable TraceContext trace,
      Json.Fields data) {
    List<Header> headers = new ArrayList<>(8);
    headers.add(VERSION);
    headers.add(type);
    headers.add(source);
    headers.add(Header.utf8("ce_id", id));
    headers.add(time(at));
    headers.add(Header.utf8("ce_subject", subject));
    headers.add(JSON);
    if (trace != null) {
      headers.add(Header.utf8(TRACE, trace.traceparent()));
    }
    return new Event(subject, headers, RawBytes.of(json(data)));
  }

  private byte[] json(Json.Fields data) {
    buffer.reset();
    try {
      out.writeStartObject();
      data.write(out);
      out.writeEndObject();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
    return buffer.toByteArray();
  }

  /** In a storm many events share their millisecond, and nearly all their second. */
  private Header time(long at) {
    if (at != timeMillis) {
      time = Header.utf8("ce_time", text(at));
      timeMillis = at;
    }
    return time;
  }

  private static Map<LetterEvent, Header> letterTypes() {
    Map<LetterEvent, Header> types = new EnumMap<>(LetterEvent.class);
    for (LetterEvent event : LetterEvent.values()) {
      types.put(event, type(event.type()));
    }
    return types;
  }

  private static Header type(String what) {
    return Header.utf8("ce_type", typeName(what));
  }

  private static String typeName(String what) {
    return "dev.redrive." + what + ".v1";
  }

  private String text(long millis) {
    long second = Math.floorDiv(millis, 1_000L);
    if (second != textSecond) {
      textStart = SECOND.format(Instant.ofEpochSecond(second));
      textSecond = second;
    }
    return textStart + (1_000 + Math.floorMod(millis, 1_000L) + "Z").substring(1);
  }
}
