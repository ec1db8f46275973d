// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/** How the outcomes of a pipeline's replays are known where nobody tells them. */
public interface PipelineOutcomes {

  @Doc(
      "Consumer group that reads this pipeline's replays. When it has committed past a replay, and no"
          + " failure of it has come back by then, the replay counts as worked and the letter is"
          + " removed, marked as inferred. Only for a group that commits a record after it was"
          + " processed or dead-lettered; never used for delayed retries.")
  Optional<String> group();

  @Doc(
      "What a replay counts as of which nothing was heard within `settle-timeout`: `unconfirmed`, and"
          + " the letter is pending again; or `succeeded`, and the letter is removed, marked as"
          + " inferred. Only for a pipeline that surely tells of each failure.")
  @WithDefault("unconfirmed")
  Silence silence();
}
