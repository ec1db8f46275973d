// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.LetterReader;
import dev.redrive.query.RunReader;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Run;
import dev.redrive.store.RunLetters;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a run: its start, what became of each record last, its end. They are made from
 * the run and its journal, which knows letters in the order of their ids, so records come in that
 * order between start and end. A record that was processed has no letter any more that could tell
 * its id.
 */
final class RunEvents {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 200;
  private static final int MAX_PAGE_KEY = 100;
  private static final Set<String> TYPES =
      Set.of("run_started", "record_processing", "watermark_advanced", "run_completed");

  /** The page key of a page that begins with the first record. */
  private static final String RECORDS = "records";

  private final KnownPipelines pipelines;
  private final PipelineRuns runs;
  private final RunReader journal;
  private final LetterReader letters;

  RunEvents(KnownPipelines pipelines, PipelineRuns runs, RunReader journal, LetterReader letters) {
    this.pipelines = pipelines;
    this.runs = runs;
    this.journal = journal;
    this.letters = letters;
  }

  /** What a page shows. */
  private record Asked(
      String pipeline,
      Run run,
      Set<String> types,
      boolean oldestFirst,
      @Nullable String record,
      @Nullable String pageKey,
      int limit) {
    boolean wants(String type) {
      boolean ofRecord = type.equals("record_processing");
      return (types.isEmpty() || types.contains(type)) && (record == null || ofRecord);
    }
  }

  void list(Context request) {
    Asked asked = asked(request);
    List<ObjectNode> events = new ArrayList<>();
    if (asked.pageKey() == null) {
      edge(asked, asked.oldestFirst()).ifPresent(events::add);
    }
    String next = records(asked, events);
    if (next == null) {
      Optional<ObjectNode> last = edge(asked, !asked.oldestFirst());
      if (last.isPresent() && events.size() < asked.limit()) {
        events.add(last.get());
      } else if (last.isPresent()) {
        next = lastKey(events, asked);
      }
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putArray("events").addAll(events);
    ObjectNode metadata = body.putObject("metadata");
    if (next != null) {
      metadata.put("page_key", next);
    }
    Json.answer(request, 200, body);
  }

  private Asked asked(Context request) {
    Parameters parameters =
        Parameters.of(request, Set.of("type"), "source_record_id", "order", "limit", "page_key");
    String order = parameters.text("order", MAX_PAGE_KEY).orElse("desc");
    if (!order.equals("asc") && !order.equals("desc")) {
      throw Problem.field("order", "must be one of asc, desc");
    }
    Set<String> types = new HashSet<>(parameters.texts("type"));
    if (!TYPES.containsAll(types)) {
      throw Problem.field("type", "must be one of " + TYPES.stream().sorted().toList());
    }
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    String pageKey = parameters.text("page_key", MAX_PAGE_KEY).orElse(null);
    if (pageKey != null && !pageKey.equals(RECORDS) && LetterId.parse(pageKey).isEmpty()) {
      throw Problem.field("page_key", "is not one of this list; start without it");
    }
    String pipeline = pipelines.id(request);
    return new Asked(
        pipeline,
        runs.run(request, pipeline),
        types,
        order.equals("asc"),
        parameters.text("source_record_id", FailureFacts.MAX_RECORD_ID).orElse(null),
        pageKey,
        limit);
  }

  /** The run's start or end; empty where it is not wanted, or the run goes on. */
  private Optional<ObjectNode> edge(Asked asked, boolean start) {
    Run run = asked.run();
    if (start) {
      return asked.wants("run_started")
          ? Optional.of(
              event("start", "run_started", run.spec().createdAt())
                  .put("agent_key", runs.agent(asked.pipeline()))
                  .put("trigger_type", "retry"))
          : Optional.empty();
    }
    Long endedAt = run.progress().endedAt();
    if (endedAt == null || !asked.wants("run_completed")) {
      return Optional.empty();
    }
    ObjectNode counts = PipelineRunJson.write(run, "", "");
    ObjectNode event =
        event("end", "run_completed", endedAt).put("status", PipelineRunJson.status(run));
    for (String count : List.of("records_fetched", "records_processed", "records_failed")) {
      event.set(count, counts.get(count));
    }
    return Optional.of(event);
  }

  /**
   * Adds records until the page is full.
   *
   * @return where the next page begins; null where there are no more records
   */
  private @Nullable String records(Asked asked, List<ObjectNode> events) {
    int room = asked.limit() - events.size();
    if (!asked.wants("record_processing")) {
      return null;
    }
    if (room == 0) {
      return RECORDS;
    }
    LetterId after = asked.pageKey() == null ? null : LetterId.parse(asked.pageKey()).orElse(null);
    if (asked.record() != null) {
      LetterId id = LetterId.of(asked.pipeline(), asked.record());
      // Ids are 128 bits: the one before this one is the place to begin.
      after =
          id.low() == 0 ? new LetterId(id.high() - 1, -1) : new LetterId(id.high(), id.low() - 1);
      room = 1;
    }
    RunLetters lines =
        Readings.require(journal.letters(asked.run().id(), null, after, room, false)).value();
    for (RunLetters.Entry entry : lines.letters()) {
      String wanted = asked.record();
      if (wanted == null || entry.id().equals(LetterId.of(asked.pipeline(), wanted))) {
        events.add(record(entry, wanted == null ? recordOf(entry.id()) : wanted));
      }
    }
    boolean more = lines.more() && asked.record() == null && !lines.letters().isEmpty();
    return more ? lines.letters().get(lines.letters().size() - 1).id().toString() : null;
  }

  /** Where a page begins that holds only what is after the last record. */
  private static String lastKey(List<ObjectNode> events, Asked asked) {
    String last = events.get(events.size() - 1).path("id").asText().substring("evt_".length());
    return LetterId.parse(LetterId.PREFIX + last)
        .map(LetterId::toString)
        .orElse(asked.pageKey() == null ? RECORDS : asked.pageKey());
  }

  private @Nullable String recordOf(LetterId id) {
    Optional<Letter> letter = Readings.require(letters.letter(id)).value();
    return letter.map(found -> found.head().facts().recordId()).orElse(null);
  }

  private static ObjectNode record(RunLetters.Entry entry, @Nullable String record) {
    JournalLine line = entry.line();
    LetterOutcome outcome = line.outcome();
    boolean failed = outcome == LetterOutcome.FAILED || outcome == LetterOutcome.UNCONFIRMED;
    String status =
        switch (outcome) {
          case OUTSTANDING -> "started";
          case SUCCEEDED, DISCARDED -> "completed";
          case FAILED, UNCONFIRMED, REFUSED -> "failed";
        };
    return event(entry.id().body(), "record_processing", line.at())
        .put("status", status)
        .put("source_record_id", record)
        .put("dead_letter_id", entry.id().pipelinesText())
        .put("skipped", outcome == LetterOutcome.REFUSED)
        .put("error", line.reason())
        .put("dead_lettered", failed || outcome == LetterOutcome.REFUSED);
  }

  private static ObjectNode event(String id, String type, long at) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", "evt_" + id)
        .put("type", type)
        .put("occurred_at", IsoTime.write(at));
  }
}
