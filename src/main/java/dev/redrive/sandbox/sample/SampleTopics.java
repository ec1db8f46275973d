// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import java.util.List;

/** Redrive's topics that a pipeline deals with. */
public record SampleTopics(String errors, String retry, String outcomes) {
  public static final SampleTopics DEFAULT =
      new SampleTopics("redrive-errors", "redrive-retry", "redrive-outcomes");

  List<String> all() {
    return List.of(errors, retry, outcomes);
  }
}
