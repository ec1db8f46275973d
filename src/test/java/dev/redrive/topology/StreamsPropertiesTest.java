// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.load.SettingsLoader;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsPropertiesTest {
  private static final String MAX_AGE = "main.consumer.metadata.max.age.ms";

  @Test
  void anErrorTopicThatComesLaterIsNoticedWithinHalfAMinute() {
    assertThat(mainConsumer(Map.of()))
        .containsEntry(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 30_000L);
  }

  @Test
  void aSettingUnderKafkaWinsOverADefaultOfOurs() {
    assertThat(mainConsumer(Map.of("kafka." + MAX_AGE, "500")))
        .containsEntry(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 500L);
  }

  @Test
  void whatExactlyOnceRestsOnIsFixed() {
    assertThat(properties(Map.of()))
        .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2)
        .containsEntry(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
  }

  /** As the consumer's own parser understands it. */
  private static Map<String, Object> mainConsumer(Map<String, String> settings) {
    Map<String, Object> consumer =
        new StreamsConfig(properties(settings)).getMainConsumerConfigs("group", "client", 0);
    consumer.put("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
    consumer.put(
        "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
    return new ConsumerConfig(consumer)
        .values().entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .collect(
                HashMap::new,
                (map, entry) -> map.put(entry.getKey(), entry.getValue()),
                Map::putAll);
  }

  private static Properties properties(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("kafka.bootstrap.servers", "127.0.0.1:9092");
    return StreamsProperties.of(SettingsLoader.of(settings), 1 << 20);
  }
}
