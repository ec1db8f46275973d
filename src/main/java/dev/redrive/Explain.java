// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.cli.CommandLineInterface;
import dev.redrive.cli.ExplainOptions;
import dev.redrive.dialect.BadRecordException;
import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.Explanation;
import dev.redrive.dialect.ExplanationJson;
import dev.redrive.dialect.RecordJson;
import dev.redrive.http.Json;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

/** The command {@code explain}: what a record would become, without any broker. */
final class Explain {
  private Explain() {}

  static int run(ExplainOptions options, Clock clock) {
    Optional<String> problem = options.settings().flatMap(ReadingRules::problem);
    if (problem.isPresent()) {
      options.err().println(problem.get());
      return CommandLineInterface.WRONG_USE;
    }
    try {
      DialectRules rules = options.settings().map(ReadingRules::of).orElse(DialectRules.NONE);
      JsonNode json = Json.MAPPER.readTree(options.record());
      Explanation explanation = Explanation.of(RecordJson.read(json, clock.millis()), rules);
      options
          .out()
          .println(
              Json.MAPPER
                  .writerWithDefaultPrettyPrinter()
                  .writeValueAsString(ExplanationJson.of(explanation)));
      return CommandLineInterface.DONE;
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      options
          .err()
          .println(
              "explain: standard input is not JSON"
                  + (place == null
                      ? ""
                      : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")")
                  + "; give one record, such as kcat -J prints");
      return CommandLineInterface.WRONG_USE;
    } catch (BadRecordException e) {
      options.err().println("explain: " + e.field() + " " + e.issue());
      return CommandLineInterface.WRONG_USE;
    } catch (IOException e) {
      options.err().println("explain: " + e.getMessage());
      return CommandLineInterface.WRONG_USE;
    }
  }
}
