// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.query.LocalPartitions;
import dev.redrive.query.MemoryLedger;
import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.Served;
import dev.redrive.store.ServedChangeQuery;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two stream threads in a session of ten seconds, which is taken for over half a second before. */
class GroupContactTest {
  private static final Duration SESSION = Duration.ofSeconds(10);

  private final Map<String, Double> heartbeats = new HashMap<>();
  private long now = 1_000_000;
  private final GroupContact contact = new GroupContact(this::metrics, SESSION, () -> now);

  @AfterEach
  void close() {
    contact.close();
  }

  @Test
  void isKeptWhileTheCoordinatorAnswers() {
    heartbeats.put("one", 1.0);
    for (int i = 0; i < 20; i++) {
      heartbeats.merge("one", 1.0, Double::sum);
      contact.look();
      pass(3);
    }

    assertThat(contact.isLost()).isFalse();
  }

  @Test
  void isLostWhenTheCoordinatorIsSilentForNearlyASession() {
    heartbeats.put("one", 7.0);
    contact.look();
    pass(9);
    contact.look();
    assertThat(contact.isLost()).isFalse();

    pass(1);
    contact.look();

    assertThat(contact.isLost()).isTrue();
  }

  @Test
  void isLostWhenOneThreadHearsNothing() {
    heartbeats.put("one", 1.0);
    heartbeats.put("two", 1.0);
    for (int i = 0; i < 5; i++) {
      contact.look();
      heartbeats.merge("one", 1.0, Double::sum);
      pass(3);
    }

    assertThat(contact.isLost()).isTrue();
    heartbeats.remove("two");
    contact.look();
    assertThat(contact.isLost()).as("without the thread").isFalse();
  }

  @Test
  void isLostAfterAPauseAndComesBackWithAnAnswer() {
    heartbeats.put("one", 1.0);
    contact.look();
    pass(60);
    assertThat(contact.isLost()).as("nobody has looked meanwhile").isTrue();
    contact.look();
    assertThat(contact.isLost()).as("nothing was heard meanwhile").isTrue();

    heartbeats.put("one", 2.0);
    contact.look();

    assertThat(contact.isLost()).isFalse();
  }

  @Test
  void isNotMissedBeforeTheFirstAnswer() {
    heartbeats.put("one", 0.0);
    contact.look();
    pass(60);
    contact.look();

    assertThat(contact.isLost()).isFalse();
  }

  @Test
  void withoutItActivesAreNotAsked() {
    MemoryLedger ledger = new MemoryLedger();
    var partitions = new TrustedPartitions(ledger, Optional.empty(), contact);
    assertThat(partitions.ask(new ServedChangeQuery(), Set.of(0)).get(0))
        .isInstanceOf(Served.class);

    pass(60);

    assertThat(partitions.ask(new ServedChangeQuery(), Set.of(0)).get(0))
        .isEqualTo(new Missing<>(TrustedPartitions.LOST))
        .isNotEqualTo(new Missing<>(LocalPartitions.ELSEWHERE));
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  private Map<MetricName, Metric> metrics() {
    Map<MetricName, Metric> metrics = new HashMap<>();
    heartbeats.forEach(
        (client, count) -> {
          MetricName name =
              new MetricName(
                  "heartbeat-total",
                  "consumer-coordinator-metrics",
                  "",
                  Map.of("client-id", client));
          metrics.put(name, new Counted(name, count));
        });
    return metrics;
  }

  private record Counted(MetricName metricName, Object metricValue) implements Metric {}
}
