// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.query.LetterReader;
import dev.redrive.query.LetterTotals;
import dev.redrive.query.RunReader;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which pipelines there are: those of the settings, those that have letters, and those that have
 * runs, so that one whose last letter has gone is not forgotten at once.
 */
final class KnownPipelines {
  private final Set<String> declared;
  private final LetterReader letters;
  private final RunReader runs;

  KnownPipelines(Set<String> declared, LetterReader letters, RunReader runs) {
    this.declared = declared;
    this.letters = letters;
    this.runs = runs;
  }

  /**
   * The id of the pipeline in the path. Who may see some pipelines only is told the same of all
   * others, whether they exist or not.
   *
   * @throws Problem 403 or 404
   */
  String id(Context request) {
    String key = request.pathParam("key");
    Caller caller = Caller.of(request);
    if (caller.restricted()) {
      return find(key, caller.pipelines().stream())
          .orElseThrow(
              () ->
                  Problem.of(
                      403,
                      "forbidden",
                      "the key " + caller.name() + " may not see pipeline " + key));
    }
    return find(key, declared.stream())
        .or(() -> find(key, withLetters()))
        .or(() -> withRuns(key))
        .orElseThrow(() -> missing(key, "there is no pipeline " + key));
  }

  /** 404, about something that has a name. */
  static Problem missing(String what, String message) {
    return Problem.of(
        404, "not_found", message, List.of(new Problem.Detail(what, "does not exist")));
  }

  private static Optional<String> find(String key, Stream<String> ids) {
    return ids.filter(id -> PipelineKey.of(id).equals(key)).findFirst();
  }

  private Stream<String> withLetters() {
    return Readings.require(letters.totals(LetterFilter.ALL, false))
        .value()
        .counts()
        .keySet()
        .stream()
        .map(LetterTotals.Cell::pipelineId)
        .distinct();
  }

  /** Of one whose key is not its id nothing but its letters tells the id. */
  private Optional<String> withRuns(String key) {
    return Readings.require(runs.runs(Set.of(), Set.of(key), null, 1, false)).value().isEmpty()
        ? Optional.empty()
        : Optional.of(key);
  }
}
