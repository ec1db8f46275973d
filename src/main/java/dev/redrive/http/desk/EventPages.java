// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.letter.FailureFacts;
import dev.redrive.query.EventPage;
import dev.redrive.query.EventPage.Event;
import dev.redrive.query.EventReader;
import dev.redrive.query.EventReader.Wanted;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What happened, as the events topic tells it: CloudEvents, the newest first. A page looks at a
 * bounded number of events, so one that filters much may end before it is full.
 */
final class EventPages {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_LOOKED_AT = 5_000;
  private static final int MAX_CURSOR = 20_000;
  private static final int MAX_TYPE = 100;
  private static final int MAX_SUBJECT = 1_000;

  private final EventReader events;
  private final EventCursor cursors;

  EventPages(EventReader events, EventCursor cursors) {
    this.events = events;
    this.cursors = cursors;
  }

  /** Which events; null: any. */
  private record Asked(Set<String> types, @Nullable String pipeline, Caller caller) {
    boolean fits(Event event) {
      return (types.isEmpty() || types.contains(event.header("ce_type"))) && isVisible(event);
    }

    /** An event that names no pipeline is of none that a restricted key may see. */
    private boolean isVisible(Event event) {
      if (pipeline == null && !caller.restricted()) {
        return true;
      }
      JsonNode of = data(event).path("pipeline_id");
      return of.isTextual()
          && caller.sees(of.textValue())
          && (pipeline == null || pipeline.equals(of.textValue()));
    }
  }

  void list(Context request) {
    Parameters parameters =
        Parameters.of(
            request, Set.of("type"), "subject", "pipeline_id", "since", "until", "limit", "cursor");
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Asked asked = asked(parameters, Caller.of(request));
    EventPage page =
        events
            .page(
                new Wanted(
                    parameters.text("subject", MAX_SUBJECT).orElse(null),
                    parameters.time("since", true).orElse(Long.MIN_VALUE),
                    parameters.time("until", false).orElse(Long.MAX_VALUE),
                    parameters.text("cursor", MAX_CURSOR).map(cursors::read).orElse(null),
                    asked::fits,
                    limit,
                    MAX_LOOKED_AT))
            .orElseThrow(
                () -> Problem.unavailable("the events could not be read in time", List.of()));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    page.events().forEach(event -> data.add(json(event)));
    SortedMap<Integer, Long> next = page.next();
    ObjectNode meta = body.putObject("meta");
    meta.putObject("page")
        .put("limit", limit)
        .put("cursor", next == null ? null : cursors.write(next));
    meta.put("scan_limited", page.scanLimited());
    Json.answer(request, 200, body);
  }

  private static Asked asked(Parameters parameters, Caller caller) {
    Set<String> types = Set.copyOf(parameters.texts("type"));
    if (types.stream().anyMatch(type -> type.isEmpty() || type.length() > MAX_TYPE)) {
      throw Problem.field("type", "must have 1 to " + MAX_TYPE + " characters");
    }
    Optional<String> pipeline = parameters.text("pipeline_id", FailureFacts.MAX_PIPELINE_ID);
    if (pipeline.isPresent() && !caller.sees(pipeline.get())) {
      throw Problem.of(
          403, "forbidden", "the key " + caller.name() + " may not see pipeline " + pipeline.get());
    }
    return new Asked(types, pipeline.orElse(null), caller);
  }

  private static ObjectNode json(Event event) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("specversion", "1.0")
            .put("id", event.header("ce_id"))
            .put("type", event.header("ce_type"))
            .put("source", event.header("ce_source"))
            .put("time", event.header("ce_time"))
            .put("subject", event.header("ce_subject"));
    return json.set("data", data(event));
  }

  /** An empty object where it is none: somebody else wrote to the topic. */
  private static JsonNode data(Event event) {
    try {
      return event.value() != null
              && Json.MAPPER.readTree(event.value().text()) instanceof ObjectNode object
          ? object
          : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }
}
