// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;

/** Whether a topic that exists will do, said with what to do about it. */
final class TopicCheck {

  private static final List<String> FOREVER =
      List.of(TopicConfig.RETENTION_MS_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG);

  private TopicCheck() {}

  /** What would lose letters or stop the stream. */
  static List<String> problems(PlannedTopic planned, FoundTopic found) {
    List<String> problems = new ArrayList<>();
    if (!planned.exact()) {
      return problems;
    }
    if (found.partitions() != planned.partitions()) {
      problems.add(
          String.format(
              "%s has %d partitions, topics.partitions says %d; the number is fixed, so set"
                  + " topics.partitions to what it was created with",
              found.name(), found.partitions(), planned.partitions()));
    }
    String policy = TopicConfig.CLEANUP_POLICY_CONFIG;
    if (!found.config(policy).equals(planned.configs().get(policy))) {
      problems.add(wrong(planned, found, policy, "letters would be lost"));
    }
    for (String key : FOREVER) {
      if (planned.configs().containsKey(key) && found.number(key, -1) >= 0) {
        problems.add(wrong(planned, found, key, "entries would go before they are read"));
      }
    }
    if (tooSmall(planned, found)) {
      problems.add(
          wrong(planned, found, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "or lower limits.payload"));
    }
    return problems;
  }

  /** What only makes the largest records fail, each of which is then refused with the reason. */
  static List<String> warnings(PlannedTopic planned, FoundTopic found) {
    return !planned.exact() && tooSmall(planned, found)
        ? List.of(
            wrong(
                planned, found, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "large records are refused"))
        : List.of();
  }

  private static boolean tooSmall(PlannedTopic planned, FoundTopic found) {
    String needed = planned.configs().get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    return needed != null
        && found.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.MAX_VALUE)
            < Long.parseLong(needed);
  }

  private static String wrong(PlannedTopic planned, FoundTopic found, String key, String why) {
    String wanted = planned.configs().get(key);
    return String.format(
        "%1$s has %2$s=%3$s, needed is %4$s (%5$s): kafka-configs.sh --alter --entity-type topics"
            + " --entity-name %1$s --add-config %2$s=%4$s",
        found.name(), key, found.config(key), wanted, why);
  }
}
