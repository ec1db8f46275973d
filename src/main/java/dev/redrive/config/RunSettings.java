// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;

/** Replays and discards of many letters. */
public interface RunSettings {

  @Doc(
      value = "How long an ended run and what became of each of its letters are kept.",
      min = "1m",
      max = "3650d")
  @WithDefault("30d")
  Duration history();

  @Doc("What the desk's bulk requests may do: `reprocess`, `delete` or both.")
  @WithDefault("reprocess,delete")
  List<BulkAction> bulkActions();
}
