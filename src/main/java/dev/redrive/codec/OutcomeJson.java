// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.command.OutcomeNews;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The news of how a replay fared, as it lies on the outcome topic: JSON ({@code outcome.json}), or
 * headers alone where there is the header {@code redrive-outcome}, whatever the value says then. So
 * a pipeline may send the replayed record on with that one header added.
 */
public final class OutcomeJson {
  private static final String SUCCEEDED = "succeeded";
  static final List<String> RESULTS = List.of(SUCCEEDED, "failed");
  private static final List<String> FIELDS =
      List.of("letter_id", "pipeline_id", "record_id", "run_id", "attempt", "outcome", "error");

  private OutcomeJson() {}

  /** What became of reading an outcome. */
  public sealed interface Reading {}

  public record Read(OutcomeNews news) implements Reading {}

  /**
   * It tells nothing.
   *
   * @param why all that is wrong and where, for a person
   */
  public record Unreadable(String why) implements Reading {}

  /** Reads any bytes; never throws. */
  public static Reading read(byte @Nullable [] value, List<Header> headers) {
    return headers.stream().anyMatch(header -> header.name().equals(OutcomeHeaders.OUTCOME))
        ? OutcomeHeaders.read(headers)
        : readJson(value);
  }

  private static Reading readJson(byte @Nullable [] value) {
    Problems problems = new Problems();
    ObjectNode tree = Json.parse(value, problems);
    if (tree == null) {
      return unreadable(problems);
    }
    JsonFields fields = new JsonFields(tree, "", problems);
    fields.onlyKnown(FIELDS, List.of());
    LetterId letter =
        letter(
            fields.text("letter_id", Integer.MAX_VALUE),
            fields.text("pipeline_id", FailureFacts.MAX_PIPELINE_ID),
            fields.text("record_id", FailureFacts.MAX_RECORD_ID),
            problems);
    String runId = fields.text("run_id", CommandJson.MAX_ID);
    Integer attempt = fields.count("attempt");
    String word = fields.required("outcome", Integer.MAX_VALUE);
    String result = word == null ? null : fields.word("outcome", RESULTS);
    FailureError error = ErrorJson.read(fields.object("error"));
    if (letter == null || result == null || !problems.none()) {
      return unreadable(problems);
    }
    return news(letter, result, runId, attempt, error);
  }

  /** The letter that the ids name. Its own id decides where there are others beside it. */
  static @Nullable LetterId letter(
      @Nullable String letterId,
      @Nullable String pipelineId,
      @Nullable String recordId,
      Problems problems) {
    if (letterId != null) {
      LetterId parsed = LetterId.parse(letterId).orElse(null);
      if (parsed == null) {
        problems.invalid("", "has a letter id that is none: " + JsonFields.quoted(letterId));
      }
      return parsed;
    }
    if (pipelineId == null || recordId == null) {
      problems.invalid("", "names no letter; give letter_id, or pipeline_id and record_id");
      return null;
    }
    return LetterId.of(pipelineId, recordId);
  }

  /**
   * The news as it was read.
   *
   * @param error passed over with a success: a record sent on may still have the failure's headers
   */
  static Read news(
      LetterId letter,
      String result,
      @Nullable String runId,
      @Nullable Integer attempt,
      FailureError error) {
    Outcome outcome =
        result.equals(SUCCEEDED)
            ? new Outcome(Outcome.Result.SUCCEEDED, runId, attempt, FailureError.UNKNOWN)
            : new Outcome(Outcome.Result.FAILED, runId, attempt, error);
    return new Read(new OutcomeNews(letter, outcome));
  }

  static Unreadable unreadable(Problems problems) {
    return new Unreadable(problems.refusal("this outcome was not read").message());
  }
}
