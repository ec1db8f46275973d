// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.LetterFilter.Text;
import dev.redrive.filter.RecordIdPattern;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Places;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.preview.Previews;
import dev.redrive.query.LetterList;
import dev.redrive.query.LetterReader;
import dev.redrive.query.Walk;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** List and get of dead letters. */
final class EntryReads {
  private static final int DEFAULT_LIMIT = 10;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_PAGE_KEY = 200;

  /** What waits; one that is parked is shown as waiting. */
  static final Set<String> WAITING = Set.of("pending", "parked");

  private final KnownPipelines pipelines;
  private final LetterReader letters;
  private final EntryJson shown;
  private final Clock clock;

  EntryReads(KnownPipelines pipelines, LetterReader letters, Previews previews, Clock clock) {
    this.pipelines = pipelines;
    this.letters = letters;
    this.shown = new EntryJson(previews.masks());
    this.clock = clock;
  }

  void list(Context request) {
    Parameters parameters =
        Parameters.of(request, "status", "last_run_id", "origin", "filter", "limit", "page_key");
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    LetterFilter asked = asked(parameters, pipelines.id(request));
    Caller caller = Caller.of(request);
    LetterList list =
        Readings.require(
                letters.page(
                    asked.asMasked(!caller.reveals()),
                    walk(request, parameters, asked),
                    limit,
                    false))
            .value();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var entries = body.putArray("dead_letters");
    list.letters().forEach(letter -> entries.add(shown.write(letter, caller.reveals())));
    ObjectNode metadata = body.putObject("metadata");
    if (list.next() != null) {
      metadata.put("page_key", Places.write(request, list.next(), asked));
    }
    Json.answer(request, 200, body);
  }

  void get(Context request) {
    Parameters.of(request);
    answer(request, 200, letter(request, pipelines.id(request)));
  }

  void answer(Context request, int status, Letter letter) {
    Json.answer(request, status, shown.write(letter, Caller.of(request).reveals()));
  }

  /** The letter in the path, which must be one of this pipeline. */
  Letter letter(Context request, String pipelineId) {
    String text = request.pathParam("id");
    return LetterId.parse(text)
        .flatMap(this::find)
        .filter(letter -> letter.head().facts().pipelineId().equals(pipelineId))
        .orElseThrow(() -> missing(text));
  }

  Optional<Letter> find(LetterId id) {
    return Readings.require(letters.letter(id)).value();
  }

  static Problem missing(String id) {
    return KnownPipelines.missing(id, "there is no dead letter " + id + " in this pipeline");
  }

  private static LetterFilter asked(Parameters parameters, String pipelineId) {
    LetterFilter filter = LetterFilter.ALL.with(Attribute.PIPELINE, Set.of(pipelineId));
    Optional<String> status = word(parameters, "status", Set.of("pending", "retrying"));
    if (status.isPresent()) {
      filter =
          filter.with(
              Attribute.STATUS, status.get().equals("pending") ? WAITING : Set.of("retrying"));
    }
    Optional<String> origin = word(parameters, "origin", Set.of("pipeline", "manual"));
    Optional<String> run = parameters.text("last_run_id", Attribute.MAX_VALUE);
    return filter
        .with(Attribute.ORIGIN, origin.map(Set::of).orElse(Set.of()))
        .with(Attribute.LAST_RUN, run.map(Set::of).orElse(Set.of()))
        .with(new Text(null, expression(parameters).orElse(null), null, null));
  }

  private static Optional<String> word(Parameters parameters, String name, Set<String> words) {
    Optional<String> given = parameters.text(name, Attribute.MAX_VALUE);
    if (given.isPresent() && !words.contains(given.get())) {
      throw Problem.field(name, "must be one of " + words.stream().sorted().toList());
    }
    return given;
  }

  private static Optional<String> expression(Parameters parameters) {
    Optional<String> expression = parameters.text("filter", Text.MAX_LENGTH);
    try {
      expression.ifPresent(RecordIdPattern::of);
      return expression;
    } catch (IllegalArgumentException e) {
      throw Problem.field("filter", String.valueOf(e.getMessage()));
    }
  }

  private Walk walk(Context request, Parameters parameters, LetterFilter asked) {
    Optional<String> key = parameters.text("page_key", MAX_PAGE_KEY);
    if (key.isEmpty()) {
      return Walk.newestFirst(clock.millis());
    }
    return Places.read(request, key.get(), asked)
        .orElseThrow(() -> Problem.field("page_key", "is not one of a list with these filters"));
  }
}
