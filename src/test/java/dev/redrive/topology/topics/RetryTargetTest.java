// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.topology.topics.RetryTarget.Writable;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryTargetTest {

  private static final long NOW = 1_000_000;
  private static final long EVER = Long.MAX_VALUE;

  @Test
  void aRecordKeepsItsTimestampWhereTheTopicTakesIt() {
    Writable target = new Writable(1, 1000, 500, EVER, EVER, false);

    assertThat(target.timestamp(NOW - 250, NOW)).isEqualTo(NOW - 250);
    assertThat(target.timestamp(NOW + 10, NOW)).isEqualTo(NOW + 10);
  }

  @Test
  void aRecordThatWouldSoonBeDeletedForItsAgeIsDatedNow() {
    assertThat(new Writable(1, 1000, 500, EVER, EVER, false).timestamp(NOW - 251, NOW))
        .isEqualTo(NOW);
    assertThat(new Writable(1, 1000, -1, EVER, EVER, false).timestamp(0, NOW)).isZero();
  }

  @Test
  void aTimestampThatTheTopicRefusesBecomesNow() {
    Writable target = new Writable(1, 1000, -1, 100, 200, false);

    assertThat(target.timestamp(NOW - 51, NOW)).isEqualTo(NOW);
    assertThat(target.timestamp(NOW - 50, NOW)).isEqualTo(NOW - 50);
    assertThat(target.timestamp(NOW + 201, NOW)).isEqualTo(NOW);
    assertThat(target.timestamp(-1, NOW)).isEqualTo(NOW);
  }

  @Test
  void aCompactedTopicDoesNotDeleteByAge() {
    Map<String, String> configs = Map.of("cleanup.policy", "compact", "retention.ms", "1000");

    assertThat(Writable.of(3, configs).retentionMs()).isNegative();
    assertThat(Writable.of(3, Map.of("cleanup.policy", "compact,delete", "retention.ms", "9")))
        .isEqualTo(new Writable(3, 1_048_588, 9, EVER, EVER, true));
    assertThat(Writable.of(3, configs).needsKey()).isTrue();
    assertThat(Writable.of(3, Map.of("cleanup.policy", "delete")).needsKey()).isFalse();
  }
}
