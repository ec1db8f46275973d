// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsLoaderTest {

  @Test
  void nothingGivenMeansDefaults() {
    Settings settings = SettingsLoader.of(Map.of("kafka.bootstrap.servers", "localhost:9092"));

    assertThat(settings.applicationId()).isEqualTo("redrive");
    assertThat(settings.kafka()).containsExactly(Map.entry("bootstrap.servers", "localhost:9092"));
    assertThat(settings.streamThreads()).isBetween(1, 4);
    assertThat(settings.topics().errors()).containsExactly("redrive-errors");
    assertThat(settings.topics().errorPatterns()).isEmpty();
    assertThat(settings.errors().starts()).isEmpty();
    assertThat(settings.pipelines()).isEmpty();
    assertThat(settings.auth().keys()).isEmpty();
    assertThat(settings.http().effectWait()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.limits().payload()).isEqualTo(ByteSize.parse("1MiB"));
  }

  @Test
  void listsOfGroupsAreRead() {
    Settings settings =
        SettingsLoader.of(
            Map.of(
                "pipelines[0].id", "orders",
                "pipelines[0].error-topics[0]", "orders.dlq",
                "pipelines[0].retry-topic", "origin",
                "pipelines[1].id", "billing",
                "errors.starts.orders.dlq", "latest",
                "stream-threads", "3",
                "topics.error-patterns[0]", ".*-dlq",
                "auth.keys[0].name", "ci",
                "auth.keys[0].sha256", KeyHash.of("x").hex()));

    assertThat(settings.pipelines())
        .extracting(PipelineSettings::id)
        .containsExactly("orders", "billing");
    assertThat(settings.pipelines().get(0).errorTopics())
        .hasValueSatisfying(topics -> assertThat(topics).containsExactly("orders.dlq"));
    assertThat(settings.pipelines().get(1).errorTopics()).isEmpty();
    assertThat(settings.pipelines().get(0).retryTopic()).contains(new RetryTopic.Origin());
    assertThat(settings.errors().starts()).containsEntry("orders.dlq", new StartAt.Latest());
    assertThat(settings.streamThreads()).isEqualTo(3);
    assertThat(settings.topics().errorPatterns())
        .hasValueSatisfying(patterns -> assertThat(patterns).hasSize(1));
    assertThat(settings.auth().keys().get(0).sha256().matches("x")).isTrue();
    assertThat(settings.auth().keys().get(0).pipelines()).isEmpty();
  }
}
