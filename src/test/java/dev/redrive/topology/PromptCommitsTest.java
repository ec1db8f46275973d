// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.topology.PromptCommits.Pace;
import java.util.stream.LongStream;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class PromptCommitsTest {
  private static final long NOW = 1_700_000_000_000L;

  @Test
  void oneThatComesAloneIsCommittedAtOnce() {
    Pace pace = new Pace();
    assertThat(LongStream.range(0, 50).map(i -> NOW + i * Pace.PAUSE_MS).allMatch(pace::allows))
        .isTrue();
  }

  @Test
  void ofManyTogetherOnlyAFewAreCommittedAtOnce() {
    Pace pace = new Pace();
    assertThat(LongStream.range(0, 1_000).filter(i -> pace.allows(NOW + i)).count())
        .isEqualTo(1_000 / Pace.PAUSE_MS + Pace.AT_ONCE - 1);
  }

  @Test
  void aClockThatIsSetBackDoesNotStopCommits() {
    Pace pace = new Pace();
    pace.allows(NOW + 3_600_000);

    assertThat(pace.allows(NOW)).isTrue();
  }

  @Test
  void whatWasPutOffIsCommittedTogetherAfterAPause() {
    MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
    context.setCurrentSystemTimeMs(NOW);
    PromptCommits commits = new PromptCommits(context);
    for (int i = 0; i < Pace.AT_ONCE; i++) {
      commits.ask();
      assertThat(context.committed()).isTrue();
      context.resetCommit();
    }

    commits.ask();
    commits.ask();

    assertThat(context.committed()).isFalse();
    assertThat(context.scheduledPunctuators()).hasSize(1);
    CapturedPunctuator later = context.scheduledPunctuators().get(0);
    later.getPunctuator().punctuate(NOW + later.getInterval().toMillis());
    assertThat(context.committed()).isTrue();
    assertThat(later.cancelled()).isTrue();
  }
}
