// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.config.load.SettingsLoader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "1000", "1KiB", "1025", "64MiB", "3GiB"})
  void sizesAreWrittenAsTheyAreRead(String text) {
    assertThat(ByteSize.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1MB", "1.5MiB", "KiB", "99999999999999999999"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aKeyMatchesItsOwnHashOnlyAndTheHashIsNotShown() {
    KeyHash hash = KeyHash.parse(KeyHash.of("secret").hex().toUpperCase(java.util.Locale.ROOT));

    assertThat(hash.matches("secret")).isTrue();
    assertThat(hash.matches("Secret")).isFalse();
    assertThat(hash).hasToString("***");
  }

  @Test
  void errorTopicNamesAreNoPatterns() {
    ErrorTopics topics =
        ErrorTopics.of(
            SettingsLoader.of(
                Map.of(
                    "topics.errors", "a.dlq",
                    "topics.error-patterns", "x|y-.*",
                    "pipelines[0].id", "orders",
                    "pipelines[0].error-topics", "orders.dlq")));

    assertThat(topics.subscription().asMatchPredicate())
        .accepts("a.dlq", "orders.dlq", "x", "y-1")
        .rejects("aXdlq", "xx", "orders.dlq2");
    assertThat(topics.contains("y-1")).isTrue();
    assertThat(topics.pipelineOf("orders.dlq")).contains("orders");
    assertThat(topics.pipelineOf("a.dlq")).isEmpty();
  }

  @Test
  void aSmallerPayloadLimitFitsKafkasDefaultMessageSize() {
    assertThat(MessageSizes.needed(SettingsLoader.of(Map.of("limits.payload", "768KiB"))))
        .isLessThanOrEqualTo(1_048_576);
    assertThat(MessageSizes.needed(SettingsLoader.of(Map.of("limits.payload", "64MiB"))))
        .isGreaterThan(64 << 20);
  }
}
