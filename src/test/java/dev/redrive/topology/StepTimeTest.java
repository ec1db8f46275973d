// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StepTimeTest {
  private static final long MILLI = 1_000_000;

  private long now = 1_000;
  private long computed;
  private final StepTime time = new StepTime(() -> now * MILLI, () -> computed);

  @Test
  void stepEndsByWhatTheThreadHasComputed() {
    time.taken(now);
    assertThat(time.begin("one", now, 60)).isTrue();
    pass(59, 59);
    assertThat(time.isOver()).isFalse();
    pass(1, 1);
    assertThat(time.isOver()).isTrue();
  }

  @Test
  void waitingForTheMachineCostsNothingUpToALimit() {
    time.taken(now);
    time.begin("one", now, 60);
    pass(250, 20);
    assertThat(time.isOver()).isFalse();
    pass(60, 1);
    assertThat(time.isOver()).isTrue();
  }

  @Test
  void tasksOfAThreadShareItsTimeUntilOneIsClosed() {
    time.taken(now);
    time.begin("one", now, 60);
    time.end("one");
    time.begin("two", now, 60);
    pass(30, 30);
    assertThat(time.isOver()).isTrue();
    time.end("two");

    time.forget("two");
    time.begin("one", now, 60);
    pass(50, 50);
    assertThat(time.isOver()).isFalse();
  }

  @Test
  void taskThatWasLongRestsBeforeItsNextStep() {
    time.taken(now);
    time.begin("one", now, 60);
    pass(300, 60);
    time.end("one");
    pass(449, 0);
    assertThat(time.begin("one", now, 60)).isFalse();
    pass(1, 0);
    assertThat(time.begin("one", now, 60)).isTrue();
  }

  @Test
  void recordsGetTheirTimeAfterTheStepsOfAllTasks() {
    time.taken(now);
    time.begin("one", now, 60);
    time.end("one");
    time.begin("two", now, 60);
    pass(60, 30);
    time.end("two");
    time.begin("one", now, 60);
    pass(60, 30);
    time.end("one");
    pass(179, 0);
    assertThat(time.begin("two", now, 60)).isFalse();
    pass(1, 0);
    assertThat(time.begin("two", now, 60)).isTrue();
  }

  @Test
  void whileNoRecordComesStepsAreLongAndNeedNoRest() {
    time.taken(now);
    pass(101, 0);
    time.begin("one", now, 60);
    pass(299, 299);
    assertThat(time.isOver()).isFalse();
    pass(1, 1);
    assertThat(time.isOver()).isTrue();
    time.end("one");

    assertThat(time.begin("one", now, 60)).isTrue();
    time.taken(now);
    time.end("one");
    time.begin("one", now, 60);
    pass(60, 60);
    assertThat(time.isOver()).isTrue();
  }

  private void pass(long byClock, long computing) {
    now += byClock;
    computed += computing * MILLI;
  }
}
