// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import dev.redrive.letter.LetterId;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The job of one letter's reprocessing. Its id says what is kept nowhere: when it was asked for,
 * and enough of a hash of its pipeline that a key that sees some pipelines only is not shown
 * another's, even after the letter has gone.
 *
 * @param createdAt epoch milliseconds
 */
record LetterJob(String runId, String mark, long createdAt) {
  private static final Pattern TEXT =
      Pattern.compile(Jobs.JOB + "([A-Za-z0-9_-]{1,100})_([0-9a-z]{8})-([0-9a-z]{1,12})");
  private static final int RADIX = 36;
  private static final int MARK = 8;

  /**
   * Of a run that was just started.
   *
   * @param pipelineId blank where it is not known
   */
  static LetterJob of(String runId, String pipelineId, long createdAt) {
    return new LetterJob(runId, mark(runId, pipelineId), createdAt);
  }

  /** Empty where the text is no id of such a job. */
  static Optional<LetterJob> read(String text) {
    Matcher id = TEXT.matcher(text);
    return id.matches()
        ? Optional.of(
            new LetterJob(Jobs.RUN + id.group(1), id.group(2), Long.parseLong(id.group(3), RADIX)))
        : Optional.empty();
  }

  String text() {
    return Jobs.JOB + Jobs.bare(runId) + "_" + mark + "-" + Long.toString(createdAt, RADIX);
  }

  boolean isOfAny(Set<String> pipelines) {
    return pipelines.stream().anyMatch(pipeline -> mark(runId, pipeline).equals(mark));
  }

  private static String mark(String runId, String pipelineId) {
    // Any good hash does; the letter's is at hand and fits a path.
    String hash = LetterId.of(runId, "pipeline " + pipelineId).body();
    return hash.substring(hash.length() - MARK);
  }
}
