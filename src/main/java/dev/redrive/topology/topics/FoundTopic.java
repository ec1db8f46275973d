// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.util.Map;

/**
 * A topic as it is.
 *
 * @param configs all of them, defaults included
 */
record FoundTopic(String name, int partitions, Map<String, String> configs) {

  FoundTopic {
    configs = Map.copyOf(configs);
  }

  String config(String key) {
    return configs.getOrDefault(key, "");
  }

  /** A config that is a number; the other value where it is not shown. */
  long number(String key, long otherwise) {
    String text = config(key);
    return text.isEmpty() ? otherwise : Long.parseLong(text);
  }
}
