// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import dev.redrive.config.MessageSizes;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** What is known of a topic that replays are to be sent to. */
public sealed interface RetryTarget {

  /** Nobody has asked for it before, or the cluster has not answered yet: ask again soon. */
  record NotYetKnown() implements RetryTarget {}

  /** There is no such topic, or its name cannot be one. */
  record Missing() implements RetryTarget {}

  /** It may be there, but Redrive's user may not write to it. */
  record NotWritable() implements RetryTarget {}

  /**
   * It exists and may be written.
   *
   * @param maxMessageBytes largest batch it takes, hence the largest record
   * @param retentionMs age in ms at which records go; negative for never, also where the topic is
   *     only compacted
   * @param timestampBeforeMs how far in ms a record's timestamp may lie before the broker's time
   * @param timestampAfterMs how far after it
   * @param needsKey whether it is compacted, and so refuses records without a key
   */
  record Writable(
      int partitions,
      int maxMessageBytes,
      long retentionMs,
      long timestampBeforeMs,
      long timestampAfterMs,
      boolean needsKey)
      implements RetryTarget {

    /** From the topic's configs, as Kafka gives them. */
    static Writable of(int partitions, Map<String, String> configs) {
      FoundTopic topic = new FoundTopic("", partitions, configs);
      String cleanup = topic.config(TopicConfig.CLEANUP_POLICY_CONFIG);
      boolean byAge = cleanup.contains(TopicConfig.CLEANUP_POLICY_DELETE);
      return new Writable(
          partitions,
          (int) topic.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MessageSizes.KAFKA_DEFAULT),
          byAge ? topic.number(TopicConfig.RETENTION_MS_CONFIG, -1) : -1,
          topic.number(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, Long.MAX_VALUE),
          topic.number(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.MAX_VALUE),
          cleanup.contains(TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    /**
     * The timestamp to send a record with: its own, unless it is older than half of what the topic
     * keeps or takes, or in a future that it refuses. Half, because a record that is deleted within
     * minutes of its replay is as good as lost, and one that is refused aborts the transaction
     * again and again.
     *
     * @param own epoch ms; negative for none
     * @param now epoch ms
     */
    public long timestamp(long own, long now) {
      long age = now - own;
      boolean old = isOld(age, retentionMs) || isOld(age, timestampBeforeMs);
      return own < 0 || old || -age > timestampAfterMs ? now : own;
    }

    private static boolean isOld(long age, long limit) {
      return limit >= 0 && age > limit / 2;
    }
  }
}
