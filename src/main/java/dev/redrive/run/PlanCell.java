// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What a dry run counts together.
 *
 * @param errorCode null: the producers gave none
 * @param target the retry topic; null for a discard, or where there is none
 * @param refusal why the letters would be skipped, as a word; null: they would be done
 */
public record PlanCell(
    String pipelineId,
    @Nullable String errorCode,
    @Nullable String target,
    @Nullable String refusal)
    implements Comparable<PlanCell> {
  private static final Comparator<@Nullable String> TEXT =
      Comparator.nullsFirst(Comparator.<String>naturalOrder());
  private static final Comparator<PlanCell> ORDER =
      Comparator.comparing(PlanCell::pipelineId)
          .thenComparing(PlanCell::errorCode, TEXT)
          .thenComparing(PlanCell::target, TEXT)
          .thenComparing(PlanCell::refusal, TEXT);

  @Override
  public int compareTo(PlanCell other) {
    return ORDER.compare(this, other);
  }
}
