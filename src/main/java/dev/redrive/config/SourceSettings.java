// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** Reading of one source topic. */
public interface SourceSettings {

  @Doc(
      "Where reading begins the first time: `earliest`, `latest`, or a time such as"
          + " `2026-01-31T00:00:00Z`.")
  @WithDefault("earliest")
  @WithConverter(StartAt.FromText.class)
  StartAt start();
}
