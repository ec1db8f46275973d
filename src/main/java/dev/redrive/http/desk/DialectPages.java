// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.redrive.dialect.BadRecordException;
import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.Explanation;
import dev.redrive.dialect.ExplanationJson;
import dev.redrive.dialect.RecordJson;
import dev.redrive.http.Caller;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.RequestBody;
import io.javalin.http.Context;
import java.time.Clock;

/** For people who wire up a producer: which dialects there are, and what a record would become. */
final class DialectPages {
  private final DialectRules rules;
  private final Clock clock;

  DialectPages(DialectRules rules, Clock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  void list(Context request) {
    Parameters.of(request);
    answer(request, ExplanationJson.dialects());
  }

  void explain(Context request) {
    Parameters.of(request);
    RequestBody body = RequestBody.of(request, RecordJson.FIELDS);
    try {
      var record = RecordJson.read(body.json(), clock.millis());
      answer(request, ExplanationJson.of(seen(Explanation.of(record, rules), Caller.of(request))));
    } catch (BadRecordException e) {
      throw Problem.field(e.field(), e.issue());
    }
  }

  /**
   * Which error topic belongs to which pipeline is known to those only who may see the pipeline.
   */
  private static Explanation seen(Explanation explanation, Caller caller) {
    boolean visible =
        explanation.letters().stream()
            .allMatch(letter -> caller.sees(letter.failure().facts().pipelineId()));
    if (!visible) {
      throw Problem.of(
          403,
          "forbidden",
          "the record is of a pipeline that the key " + caller.name() + " may not see");
    }
    return explanation;
  }

  private static void answer(Context request, JsonNode data) {
    Json.answer(request, 200, JsonNodeFactory.instance.objectNode().set("data", data));
  }
}
