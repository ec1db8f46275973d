// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.util.Map;

/** What is known of retry topics. Answers at once, from memory: stream threads ask. */
@FunctionalInterface
public interface RetryTargets {

  /**
   * What the topic is.
   *
   * @param since a no is given only where it was looked up at or after this time, epoch
   *     milliseconds: a topic that was created before somebody asked is not refused for what was
   *     seen before that
   */
  RetryTarget find(String topic, long since);

  /** A fixed answer for some topics; all others are missing. */
  static RetryTargets fixed(Map<String, RetryTarget> targets) {
    Map<String, RetryTarget> copy = Map.copyOf(targets);
    return (topic, since) -> copy.getOrDefault(topic, new RetryTarget.Missing());
  }
}
