// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.config.PipelineSettings;
import dev.redrive.config.ReplayTimestamp;
import dev.redrive.config.RetryTopic;
import dev.redrive.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What settings say about pipelines, declared or discovered. */
public final class PipelineRules {
  private final Map<String, Rule> declared = new HashMap<>();
  private final Rule undeclared;
  private final boolean originalTimestamp;
  private final int maxReplayBytes;

  private record Rule(RetryTopic retryTopic, Duration settleTimeout) {}

  public PipelineRules(Settings settings) {
    undeclared =
        new Rule(RetryTopic.parse(settings.topics().retry()), settings.replay().settleTimeout());
    for (PipelineSettings pipeline : settings.pipelines()) {
      declared.put(
          pipeline.id(),
          new Rule(
              pipeline.retryTopic().orElse(undeclared.retryTopic),
              pipeline.settleTimeout().orElse(undeclared.settleTimeout)));
    }
    maxReplayBytes = StreamsProperties.maxRequestBytes(settings);
    originalTimestamp = settings.replay().timestamp() == ReplayTimestamp.ORIGINAL;
  }

  /** Largest record that is ever sent to a retry topic. */
  int maxReplayBytes() {
    return maxReplayBytes;
  }

  RetryTopic retryTopic(String pipelineId) {
    return of(pipelineId).retryTopic;
  }

  /** How long a replay may stay without news, milliseconds. */
  long settleTimeout(String pipelineId) {
    return of(pipelineId).settleTimeout.toMillis();
  }

  boolean originalTimestamp() {
    return originalTimestamp;
  }

  private Rule of(String pipelineId) {
    return declared.getOrDefault(pipelineId, undeclared);
  }
}
