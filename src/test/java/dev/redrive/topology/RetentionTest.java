// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.LetterId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixture holds rows, indexes and counters against each other after each step. */
class RetentionTest {
  private static final Duration STEP = Duration.ofSeconds(6);

  @TempDir Path directory;

  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive =
        new TopologyFixture(
            directory,
            Map.of(
                "pipelines[0].id", "billing",
                "pipelines[0].retention", "1h",
                "pipelines[0].settle-timeout", "3h",
                "pipelines[1].id", "audit"));
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void aLetterLeavesWhenItsTimeIsOver() {
    redrive.fail("billing", "r-1");
    LetterId other = redrive.fail("audit", "r-1");
    redrive.advance(Duration.ofMinutes(59));
    assertThat(redrive.letters()).hasSize(2);
    redrive.events();
    redrive.advance(Duration.ofMinutes(2));
    assertThat(redrive.letters()).extracting(letter -> letter.id()).containsExactly(other);
    assertThat(redrive.events()).containsExactly("letter.expired");
    assertThat(redrive.figures.expired.sum()).isEqualTo(1);
  }

  /** A topic that is adopted years later would be emptied at once. */
  @Test
  void timeCountsFromArrivalAndNotFromTheFailure() {
    LetterId id = redrive.fail("billing", "old", "redrive-failed-at", "2020-01-01T00:00:00Z");
    redrive.advance(Duration.ofMinutes(59));
    assertThat(redrive.letter(id)).isPresent();
    redrive.fail("billing", "old");
    redrive.advance(Duration.ofMinutes(59));
    assertThat(redrive.letter(id)).as("it arrived again").isPresent();
    redrive.advance(Duration.ofMinutes(2));
    assertThat(redrive.letter(id)).isEmpty();
  }

  @Test
  void aReplayThatIsOutIsWaitedFor() {
    LetterId id = redrive.fail("billing", "r-1");
    assertThat(redrive.replay(id).accepted()).isTrue();
    redrive.advance(Duration.ofHours(2));
    assertThat(redrive.letter(id)).isPresent();
    redrive.advance(Duration.ofHours(1).plus(STEP));
    redrive.advance(STEP);
    assertThat(redrive.letter(id)).isEmpty();
    assertThat(redrive.events()).contains("letter.unconfirmed", "letter.expired");
  }

  @Test
  void manyLeaveInSteps() {
    for (int i = 0; i < 1_200; i++) {
      redrive.fail("billing", "r-" + i);
    }
    redrive.advance(Duration.ofHours(1));
    redrive.advance(Duration.ofMillis(5_100));
    int left = redrive.letters().size();
    assertThat(left).isLessThan(1_000);
    for (int i = 0; i < 5; i++) {
      redrive.advance(Duration.ofMillis(100));
    }
    assertThat(redrive.letters()).isEmpty();
    assertThat(redrive.figures.expired.sum()).isEqualTo(1_200);
  }
}
