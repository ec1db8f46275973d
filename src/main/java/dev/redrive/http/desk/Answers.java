// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import dev.redrive.http.Caller;
import dev.redrive.http.Problem;
import dev.redrive.http.Readings;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.LetterReader;
import dev.redrive.query.Reading;
import dev.redrive.query.Reading.Read;
import io.javalin.http.Context;
import java.util.Optional;

/** What reading the ledger gave, or the problem that it means for the caller. */
final class Answers {
  private Answers() {}

  /** The id in the path, with either prefix. */
  static LetterId id(Context request) {
    String text = request.pathParam("id");
    return LetterId.parse(text)
        .orElseThrow(() -> Problem.notFound("this path does not end in a letter id"));
  }

  /** The letter in the path; one that the caller may not see is like one that is not there. */
  static Letter letter(Context request, LetterReader letters) {
    LetterId id = id(request);
    Caller caller = Caller.of(request);
    Optional<Letter> found = require(letters.letter(id)).value();
    return found
        .filter(letter -> caller.sees(letter.head().facts().pipelineId()))
        .orElseThrow(() -> unknown(id));
  }

  static Problem unknown(LetterId id) {
    return Problem.notFound("there is no letter " + id);
  }

  static <T> Read<T> require(Reading<T> reading) {
    return Readings.require(reading);
  }
}
