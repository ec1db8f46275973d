// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Places;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.http.Views;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import dev.redrive.preview.Previews;
import dev.redrive.query.LetterList;
import dev.redrive.query.LetterReader;
import dev.redrive.query.Walk;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** List and get, and the pages that the actions work through. */
final class WorkflowReads {
  private static final int MAX_COUNT = 100;

  private final LetterReader letters;
  private final Previews previews;
  private final MessageJson shown;
  private final Clock clock;

  WorkflowReads(LetterReader letters, Previews previews, Clock clock) {
    this.letters = letters;
    this.previews = previews;
    this.shown = new MessageJson(previews.masks());
    this.clock = clock;
  }

  /**
   * Some of the letters that are meant.
   *
   * @param cursor where the others begin; empty: there are none
   */
  record Page(List<Letter> letters, String cursor) {}

  void list(Context request) {
    Asked asked = Asked.of(request);
    Caller caller = Caller.of(request);
    int count = asked.countWithin(MAX_COUNT);
    Page page =
        asked.names()
            ? new Page(known(ids(asked.dlqIds(), MAX_COUNT), caller), "")
            : page(request, asked, count);
    Views.of(request, page.letters());
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("cursor", page.cursor());
    var messages = body.putArray("messages");
    page.letters().forEach(letter -> messages.add(shown.write(letter, caller.reveals())));
    Json.answer(request, 200, body);
  }

  void get(Context request) {
    Parameters.of(request);
    Caller caller = Caller.of(request);
    Letter letter = letter(id(request.pathParam("id")), caller);
    Views.of(request, List.of(letter));
    Json.answer(request, 200, shown.write(letter, caller.reveals()));
  }

  /** The next of the letters that are meant, at most so many. */
  Page page(Context request, Asked asked, int count) {
    Caller caller = Caller.of(request);
    Selection selection = Selection.of(asked.filter(), caller, previews.masks());
    Walk walk = walk(request, asked, selection);
    LetterList list = Readings.require(letters.page(selection.wanted(), walk, count)).value();
    Walk next = list.next();
    return new Page(
        list.letters().stream().filter(selection::fits).toList(),
        next == null ? "" : Places.write(request, next, selection.asked()));
  }

  /** Those of these letters that are there and may be seen, in this order. */
  List<Letter> known(List<LetterId> ids, Caller caller) {
    List<Letter> known = new ArrayList<>();
    for (LetterId id : ids) {
      find(id, caller).ifPresent(known::add);
    }
    return known;
  }

  /**
   * The letter.
   *
   * @throws Problem 404
   */
  Letter letter(LetterId id, Caller caller) {
    return find(id, caller).orElseThrow(WorkflowReads::notFound);
  }

  static Problem notFound() {
    return Problem.notFound("DLQ message not found");
  }

  static List<LetterId> ids(List<String> texts, int max) {
    if (texts.size() > max) {
      throw Problem.field("dlqIds", "must have at most " + max + " values");
    }
    return texts.stream().map(WorkflowReads::id).distinct().toList();
  }

  static LetterId id(String text) {
    return LetterId.parse(text)
        .orElseThrow(() -> Problem.of(400, "invalid_request", "Invalid DLQ ID"));
  }

  private Optional<Letter> find(LetterId id, Caller caller) {
    return Readings.require(letters.letter(id))
        .value()
        .filter(letter -> caller.sees(letter.head().facts().pipelineId()))
        .filter(letter -> letter.head().status() != LetterState.Status.RETRYING);
  }

  private Walk walk(Context request, Asked asked, Selection selection) {
    boolean oldestFirst = asked.oldestFirst();
    Optional<String> cursor = asked.cursor();
    if (cursor.isEmpty()) {
      return oldestFirst ? Walk.oldestFirst(clock.millis()) : Walk.newestFirst(clock.millis());
    }
    return Places.read(request, cursor.get(), selection.asked())
        .filter(walk -> walk.oldestFirst() == oldestFirst)
        .orElseThrow(
            () ->
                Problem.field(
                    "cursor",
                    "is not one of a list with these filters and this order; start without it"));
  }
}
