// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How failures are put into groups. */
public interface GroupSettings {

  @Doc(
      value =
          "Starts of class names whose stack frames are passed over, beside the frameworks that"
              + " Redrive knows: `com.acme.platform.`",
      byDefault = "none")
  Optional<List<String>> frameworks();

  @Doc(
      value = "How long a group that appeared is called new, and one that came back regressed.",
      min = "1m",
      max = "90d")
  @WithDefault("24h")
  Duration newFor();

  /** Names for groups, whatever their traces say. The first rule that fits a failure counts. */
  List<GroupRuleSettings> rules();
}
