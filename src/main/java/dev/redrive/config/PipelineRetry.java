// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Replays of a pipeline's letters that nobody asks for one by one. */
public interface PipelineRetry {

  @Doc(
      value =
          "Switches automatic retry on: how long after its first failure, its second and so on a"
              + " letter is replayed. The last one stands for all others.",
      min = "1s",
      max = "30d",
      byDefault = "no automatic retry")
  Optional<List<Duration>> delays();

  @Doc(
      value =
          "Failed attempts after which a letter is parked: then only a command replays it. Those"
              + " that the pipeline made by itself count too.",
      min = "2",
      max = "1000",
      byDefault = "one more than there are delays")
  Optional<Integer> maxAttempts();

  @Doc(
      value = "By how many percent a delay may be shorter or longer, so that not all come at once.",
      min = "0",
      max = "100")
  @WithDefault("10")
  int jitterPercent();
}
