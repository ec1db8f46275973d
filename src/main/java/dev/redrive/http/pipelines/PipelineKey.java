// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import dev.redrive.letter.LetterId;
import java.util.regex.Pattern;

/**
 * A pipeline's name in paths: its id where that fits there, else what of the id fits and enough of
 * a hash that no two pipelines share it.
 */
final class PipelineKey {
  private static final Pattern FITS = Pattern.compile("[0-9a-zA-Z_-]{1,50}");
  private static final Pattern UNFIT = Pattern.compile("[^0-9a-zA-Z_-]");
  private static final int START = 32;
  private static final int HASH = 8;

  private PipelineKey() {}

  static String of(String pipelineId) {
    if (FITS.matcher(pipelineId).matches()) {
      return pipelineId;
    }
    String start = UNFIT.matcher(pipelineId).replaceAll("");
    // Any good hash does; the letter's is at hand and fits a path.
    String hash = LetterId.of("pipeline-key", pipelineId).body();
    return start.substring(0, Math.min(START, start.length()))
        + "-"
        + hash.substring(hash.length() - HASH);
  }
}
