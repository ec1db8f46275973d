// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.FilterParameters;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Places;
import dev.redrive.http.Problem;
import dev.redrive.http.Views;
import dev.redrive.letter.Letter;
import dev.redrive.preview.Previews;
import dev.redrive.query.LetterList;
import dev.redrive.query.LetterReader;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.Walk;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** List and get. */
final class DeskReads {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_CURSOR = 200;
  private static final String NEWEST_FIRST = "newest_first";
  private static final String OLDEST_FIRST = "oldest_first";

  private final LetterReader letters;
  private final LetterJson shown;
  private final Clock clock;

  DeskReads(LetterReader letters, Previews previews, Clock clock) {
    this.letters = letters;
    this.shown = new LetterJson(previews);
    this.clock = clock;
  }

  void list(Context request) {
    Parameters parameters =
        Parameters.of(
            request,
            FilterParameters.ATTRIBUTES,
            FilterParameters.and("limit", "cursor", "order", "allow_partial"));
    LetterFilter asked = FilterParameters.read(parameters);
    Caller caller = Caller.of(request);
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Walk walk = walk(request, parameters, asked);
    Read<LetterList> read =
        Answers.require(
            letters.page(
                FilterParameters.visible(asked, caller),
                walk,
                limit,
                parameters.flag("allow_partial")));

    Views.of(request, read.value().letters());
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    read.value().letters().forEach(letter -> data.add(shown.entry(letter, caller.reveals())));
    Walk next = read.value().next();
    ObjectNode meta = body.putObject("meta");
    meta.putObject("page")
        .put("limit", limit)
        .put("cursor", next == null ? null : Places.write(request, next, asked));
    meta.put("scan_limited", read.value().scanLimited());
    putMissing(meta, read.missing());
    Json.answer(request, 200, body);
  }

  void get(Context request) {
    Parameters.of(request);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    Letter letter = Answers.letter(request, letters);
    Views.of(request, List.of(letter));
    body.set("data", shown.whole(letter, Caller.of(request).reveals()));
    Json.answer(request, 200, body);
  }

  private Walk walk(Context request, Parameters parameters, LetterFilter asked) {
    Optional<Boolean> oldestFirst = oldestFirst(parameters);
    Optional<String> cursor = parameters.text("cursor", MAX_CURSOR);
    if (cursor.isEmpty()) {
      return oldestFirst.orElse(false)
          ? Walk.oldestFirst(clock.millis())
          : Walk.newestFirst(clock.millis());
    }
    return Places.read(request, cursor.get(), asked)
        .filter(walk -> oldestFirst.isEmpty() || oldestFirst.get() == walk.oldestFirst())
        .orElseThrow(
            () ->
                Problem.field(
                    "cursor",
                    "is not one of a list with these filters and this order; start without it"));
  }

  /** Empty where it is not said: a cursor knows. */
  private static Optional<Boolean> oldestFirst(Parameters parameters) {
    return parameters
        .text("order", Integer.MAX_VALUE)
        .map(
            order -> {
              if (!order.equals(NEWEST_FIRST) && !order.equals(OLDEST_FIRST)) {
                throw Problem.field(
                    "order", "must be one of " + NEWEST_FIRST + ", " + OLDEST_FIRST);
              }
              return order.equals(OLDEST_FIRST);
            });
  }

  static void putMissing(ObjectNode meta, SortedMap<Integer, String> missing) {
    if (!missing.isEmpty()) {
      var list = meta.putArray("missing");
      missing.forEach(
          (partition, reason) ->
              list.addObject().put("partition", partition).put("reason", reason));
    }
  }
}
