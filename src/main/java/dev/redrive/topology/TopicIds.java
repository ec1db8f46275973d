// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * Knows the broker's id of each error topic, for one intake task.
 *
 * <p>The id tells a topic that was deleted and made again from the one before it. Its offsets start
 * again at 0, so an offset that goes back asks the broker anew; otherwise its records would be
 * taken for redeliveries and lost.
 */
final class TopicIds {
  private final Function<String, UUID> lookUp;
  private final Map<String, UUID> known = new HashMap<>();
  private final Map<String, Map<Integer, Long>> last = new HashMap<>();

  /**
   * Knows nothing yet.
   *
   * @param lookUp asks the broker; throws where it can't, so that the task tries again
   */
  TopicIds(Function<String, UUID> lookUp) {
    this.lookUp = lookUp;
  }

  /** Id of the topic that the record at this place was read from. */
  UUID of(String topic, int partition, long offset) {
    Long before = last.computeIfAbsent(topic, name -> new HashMap<>()).put(partition, offset);
    if (before != null && offset <= before) {
      known.remove(topic);
    }
    return known.computeIfAbsent(topic, lookUp);
  }
}
