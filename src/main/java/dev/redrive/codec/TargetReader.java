// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which letters a command is about. */
final class TargetReader {
  private static final String WAYS =
      "give one of letter_ids, pipeline_id with record_ids, run_id, all, or a filter";

  private final JsonFields fields;
  private final Problems problems;

  TargetReader(JsonFields fields, Problems problems) {
    this.fields = fields;
    this.problems = problems;
  }

  /** A letter that is named by its record. */
  record Named(LetterId letter, String pipelineId, String recordId) {}

  /**
   * The letters of a command.
   *
   * @param single the one letter, where it is named and nothing narrows it
   */
  record Target(RunTarget run, @Nullable LetterId single) {}

  /** Null where something is wrong. */
  @Nullable Target read() {
    boolean byId = fields.has("letter_ids");
    boolean byRecord = fields.has("pipeline_id") || fields.has("record_ids");
    boolean byRun = fields.hasNonNull("run_id");
    boolean all = fields.hasNonNull("all");
    LetterFilter filter = filter(fields.object("filter"));
    int ways = (byId ? 1 : 0) + (byRecord ? 1 : 0) + (byRun ? 1 : 0) + (all ? 1 : 0);
    if (ways > 1) {
      problems.invalid("", "has more than one target; " + WAYS);
      return null;
    }
    if (byId) {
      return picked(letters(), filter);
    }
    if (byRecord) {
      return byRecord(filter);
    }
    if (byRun) {
      return ofRun(filter);
    }
    if (all) {
      return all(filter);
    }
    if (!fields.hasNonNull("filter")) {
      problems.invalid("", "has no target; " + WAYS);
      return null;
    }
    return filter == null ? null : new Target(RunTarget.of(filter), null);
  }

  /** The one record that an addition names. */
  @Nullable Named record() {
    if (fields.has("letter_ids")) {
      fields.invalid("letter_ids", "does not do for add; give pipeline_id and record_ids");
      return null;
    }
    String pipeline = fields.required("pipeline_id", FailureFacts.MAX_PIPELINE_ID);
    List<String> records = fields.texts("record_ids", FailureFacts.MAX_RECORD_ID);
    if (records.size() > 1) {
      fields.invalid("record_ids", "names more than one record; add them one by one");
    }
    return pipeline == null || records.size() != 1
        ? null
        : new Named(LetterId.of(pipeline, records.get(0)), pipeline, records.get(0));
  }

  private @Nullable Target byRecord(@Nullable LetterFilter filter) {
    String pipeline = fields.required("pipeline_id", FailureFacts.MAX_PIPELINE_ID);
    List<LetterId> letters = new ArrayList<>();
    for (String record : few("record_ids", FailureFacts.MAX_RECORD_ID)) {
      letters.add(LetterId.of(pipeline == null ? "" : pipeline, record));
    }
    if (pipeline == null || letters.isEmpty()) {
      return null;
    }
    if (filter == null && fields.hasNonNull("filter")) {
      return null;
    }
    LetterFilter narrowed = filter == null ? LetterFilter.ALL : filter;
    Set<String> asked = narrowed.values(Attribute.PIPELINE);
    if (!asked.isEmpty() && !asked.equals(Set.of(pipeline))) {
      fields.invalid("filter", "names another pipeline than pipeline_id");
      return null;
    }
    RunTarget run =
        new RunTarget.Picked(letters, narrowed.with(Attribute.PIPELINE, Set.of(pipeline)));
    return new Target(run, letters.size() == 1 && filter == null ? letters.get(0) : null);
  }

  private @Nullable Target picked(List<LetterId> letters, @Nullable LetterFilter filter) {
    if (letters.isEmpty() || (filter == null && fields.hasNonNull("filter"))) {
      return null;
    }
    RunTarget run = new RunTarget.Picked(letters, filter == null ? LetterFilter.ALL : filter);
    return new Target(run, letters.size() == 1 && filter == null ? letters.get(0) : null);
  }

  private List<LetterId> letters() {
    List<LetterId> letters = new ArrayList<>();
    List<String> texts = few("letter_ids", CommandJson.MAX_ID);
    for (int i = 0; i < texts.size(); i++) {
      LetterId letter = LetterId.parse(texts.get(i)).orElse(null);
      if (letter == null) {
        problems.invalid(
            "/letter_ids/" + i,
            "is no letter id: dlq_ or pdl_ and 26 characters of Crockford's base32");
      } else {
        letters.add(letter);
      }
    }
    return letters;
  }

  private @Nullable Target ofRun(@Nullable LetterFilter filter) {
    String run = fields.text("run_id", Attribute.MAX_VALUE);
    if (run == null || (filter == null && fields.hasNonNull("filter"))) {
      return null;
    }
    LetterFilter narrowed = filter == null ? LetterFilter.ALL : filter;
    if (!narrowed.values(Attribute.LAST_RUN).isEmpty()) {
      fields.invalid("filter", "has last_run_id, and run_id says the same; give one of them");
      return null;
    }
    return new Target(RunTarget.of(narrowed.with(Attribute.LAST_RUN, Set.of(run))), null);
  }

  private @Nullable Target all(@Nullable LetterFilter filter) {
    Boolean told = fields.choice("all");
    if (told != null && !told) {
      fields.invalid("all", "must be true where it is given; without it give a filter");
    }
    if (filter != null || fields.hasNonNull("filter")) {
      fields.invalid("filter", "contradicts all; give one of them");
      return null;
    }
    return told == null || !told
        ? null
        : new Target(new RunTarget.Matching(LetterFilter.ALL), null);
  }

  /** Null where there is none, or one with something wrong. */
  private @Nullable LetterFilter filter(@Nullable JsonFields filter) {
    if (filter == null) {
      return null;
    }
    LetterFilter read = FilterJson.read(filter);
    if (read.all() && problems.none()) {
      fields.invalid("filter", "is empty; for all letters give all: true");
    }
    return read.all() ? null : read;
  }

  private List<String> few(String name, int max) {
    List<String> texts = fields.texts(name, max);
    if (texts.size() > RunTarget.MAX_PICKED) {
      fields.invalid(name, "must have at most " + RunTarget.MAX_PICKED + "; use a filter for more");
      return List.of();
    }
    return texts;
  }
}
