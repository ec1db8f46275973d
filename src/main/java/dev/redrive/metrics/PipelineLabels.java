// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which pipelines have series of their own: the declared ones, then whoever comes first, up to a
 * number. All others share one label, since everybody who may write to an error topic may make
 * pipelines without end.
 */
final class PipelineLabels {
  static final String OTHER = "other";

  private final Set<String> named = new LinkedHashSet<>();
  private final int most;

  PipelineLabels(Collection<String> declared, int most) {
    this.most = most;
    declared.forEach(this::of);
  }

  /** The pipeline's label from now on. */
  String of(String pipelineId) {
    if (named.size() < most) {
      named.add(pipelineId);
    }
    return named.contains(pipelineId) ? pipelineId : OTHER;
  }

  /** Those with series of their own. */
  Set<String> named() {
    return named;
  }
}
