// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.util.Map;

/** What is known of retry topics. Answers at once, from memory: stream threads ask. */
@FunctionalInterface
public interface RetryTargets {

  RetryTarget find(String topic);

  /** A fixed answer for some topics; all others are missing. */
  static RetryTargets fixed(Map<String, RetryTarget> targets) {
    Map<String, RetryTarget> copy = Map.copyOf(targets);
    return topic -> copy.getOrDefault(topic, new RetryTarget.Missing());
  }
}
