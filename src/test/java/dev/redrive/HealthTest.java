// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final AtomicReference<State> state = new AtomicReference<>(State.CREATED);
  private final Health health = new Health(state::get, Clock.systemUTC());

  @Test
  void whoStartsIsNotReadyBeforeItHasHadItsPartitions() {
    assertNotReady("starting");
    become(State.REBALANCING);
    assertNotReady("partitions are being assigned");
    health.onRestoreStart(new TopicPartition("changelog", 0), "letters", 10, 52);
    assertNotReady("restoring letters: 42 changelog records to go");
  }

  @Test
  void whoHasRunStaysReadyWhilePartitionsMove() {
    become(State.REBALANCING);
    become(State.RUNNING);
    assertThat(health.readiness().ready()).isTrue();
    assertThat(health.rebalancing()).isFalse();

    become(State.REBALANCING);

    assertThat(health.readiness().ready()).isTrue();
    assertThat(health.readiness().reason()).isEqualTo("partitions are being assigned");
    assertThat(health.rebalancing()).isTrue();
  }

  @Test
  void whoStopsOrHasFailedIsNotReadyWhateverItWas() {
    become(State.REBALANCING);
    become(State.RUNNING);
    become(State.PENDING_ERROR);
    assertNotReady("stopping");
    become(State.ERROR);
    assertNotReady("the stream failed too often; see the log, then restart");
    assertThat(health.alive()).isFalse();

    state.set(State.RUNNING);
    health.stopping();
    assertNotReady("stopping");
  }

  private void become(State next) {
    State before = state.getAndSet(next);
    health.onChange(next, before);
  }

  private void assertNotReady(String reason) {
    assertThat(health.readiness().ready()).isFalse();
    assertThat(health.readiness().reason()).isEqualTo(reason);
  }
}
