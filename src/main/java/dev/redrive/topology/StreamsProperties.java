// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How Kafka Streams is set up: each value that is not Kafka's default, with its reason. */
public final class StreamsProperties {
  /** What is fetched of a partition goes first, so this bounds what a command waits behind. */
  private static final int FETCH_BYTES = 64 * 1024;

  /** An instance that dies in a transaction holds others up for so long. */
  private static final int TRANSACTION_TIMEOUT_MS = 10_000;

  /** How long an error topic that comes later may stay unseen; Kafka's own default is 5 minutes. */
  private static final int TOPICS_SEEN_AFTER_MS = 30_000;

  /** The partitions of an instance, or of a thread, that died are taken over after so long. */
  private static final int SESSION_TIMEOUT_MS = 10_000;

  /**
   * How often it is looked whether a new instance has caught up and can take its share; the
   * shortest that Kafka Streams allows, since each look is a rebalance that stops nothing.
   */
  private static final long LOOK_FOR_CAUGHT_UP_MS = 60_000;

  /** Memory for records that are fetched and not processed yet, for each partition. */
  private static final long BUFFER_BYTES = 128L * 1024 * 1024;

  /** Kafka's own default of the producer's memory. */
  private static final long BUFFER_MEMORY = 32L * 1024 * 1024;

  /** What a record's headers of ours and a batch's own fields add to a record, at most. */
  private static final int OVERHEAD = 64 * 1024;

  private StreamsProperties() {}

  /** Largest record that a replay sends; the entries of the ledger are never larger. */
  static int maxRequestBytes(Settings settings) {
    return Math.toIntExact(
            Math.max(settings.limits().original().bytes(), settings.limits().payload().bytes()))
        + OVERHEAD;
  }

  /**
   * Builds them; a setting under {@code kafka.*} wins over a default of ours, but not over what
   * exactly-once and the ledger depend on.
   *
   * @param maxEntry the largest entry of the ledger, bytes
   */
  public static Properties of(Settings settings, int maxEntry) {
    Map<String, Object> all = new HashMap<>();
    // By name, since the constant is deprecated; left out, each start logs a warning three times.
    all.put("processing.exception.handler.global.enabled", true);
    all.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // Commits are looked for between polls only: the poll time is the floor of a command's latency.
    all.put(StreamsConfig.POLL_MS_CONFIG, 20);
    all.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        TRANSACTION_TIMEOUT_MS);
    all.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.METADATA_MAX_AGE_CONFIG),
        TOPICS_SEEN_AFTER_MS);
    all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
    all.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, LOOK_FOR_CAUGHT_UP_MS);
    all.putAll(settings.kafka());
    settings
        .peers()
        .advertised()
        .ifPresent(
            address ->
                all.put(
                    StreamsConfig.APPLICATION_SERVER_CONFIG,
                    address.getHost() + ":" + port(address)));
    all.put(
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
        settings.peers().standbys().orElse(settings.peers().advertised().isPresent() ? 1 : 0));
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    all.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.streamThreads());
    all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    // A cache would hide rows from our queries; there is none, and its memory is the store's.
    all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    // Wait for the control partition's data, never for time: commands go before failures.
    all.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
    all.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        FETCH_BYTES);
    all.put(
        StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG,
        (int) Math.max(16, Math.min(1_000, BUFFER_BYTES / maxEntry)));
    int maxRequest = Math.max(maxEntry, maxRequestBytes(settings));
    all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), maxRequest);
    // A record that is larger than the producer's memory could not be sent either.
    all.putIfAbsent(
        StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG),
        Math.max(BUFFER_MEMORY, 2L * maxRequest));
    Properties properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  /**
   * After which time without word the group's coordinator gives a member's partitions to others.
   *
   * @param properties as {@link #of} builds them
   */
  public static Duration session(Properties properties) {
    Object given =
        new StreamsConfig(properties)
            .getMainConsumerConfigs("", "", 0)
            .get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);
    return Duration.ofMillis(Long.parseLong(String.valueOf(given)));
  }

  private static int port(URI address) {
    int given = address.getPort();
    return given >= 0 ? given : address.getScheme().equals("https") ? 443 : 80;
  }
}
