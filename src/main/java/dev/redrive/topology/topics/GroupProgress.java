// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** How far consumer groups are with their replays. Answers at once, from memory. */
@FunctionalInterface
public interface GroupProgress {
  /** Of groups that nobody looks at. */
  GroupProgress NONE = group -> Map.of();

  /**
   * Offsets before which the group has processed all, and all failures that this caused have been
   * taken in.
   */
  Map<TopicPartition, Long> settled(String group);
}
