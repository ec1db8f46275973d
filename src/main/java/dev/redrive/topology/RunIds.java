// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Ids of the runs that Redrive makes, derived from the command so that a repeat finds the same.
 *
 * <p>The id of a run over many letters also says where its coordinator is: after {@code run_} come
 * eight characters that stand for its pipeline (all runs of one pipeline are decided in one place)
 * or, where it has none, for the run itself. So whoever has the id knows the partition.
 */
public final class RunIds {
  private static final String PREFIX = "run_";
  private static final String AUTOMATIC = PREFIX + "auto_";
  private static final int HOME = 8;
  private static final Pattern OF_MANY = Pattern.compile(PREFIX + "([0-9a-z]{8})_[0-9a-z]{26}");

  private RunIds() {}

  /** The run of a command on one letter. */
  static String of(String commandId) {
    return PREFIX + body(commandId);
  }

  /**
   * The run of a command on many letters.
   *
   * @param pipelineId the only one that it is about; null: it may be about several
   */
  static String of(String commandId, @Nullable String pipelineId) {
    String scope =
        pipelineId == null ? body(commandId) : LetterId.of("pipeline", pipelineId).body();
    // The first character of a body holds three bits only.
    return PREFIX + scope.substring(1, 1 + HOME) + "_" + body(commandId);
  }

  /** The run of an automatic replay: of nothing but the letter, so always the same. */
  static String automatic(LetterId letter, int attempt) {
    return AUTOMATIC + letter.body() + "_" + attempt;
  }

  /** The key of everything that goes to the run's coordinator. */
  static byte[] home(String runId) {
    Matcher id = OF_MANY.matcher(runId);
    return (id.matches() ? id.group(1) : runId).getBytes(StandardCharsets.UTF_8);
  }

  /** The ledger partition that has the run's coordinator. */
  public static int partition(String runId, int partitions) {
    return LedgerPartitioner.partition(home(runId), partitions);
  }

  private static String body(String commandId) {
    // Any id with a good hash will do; the letter's is one that fits every path.
    return LetterId.of("run", commandId).body();
  }
}
