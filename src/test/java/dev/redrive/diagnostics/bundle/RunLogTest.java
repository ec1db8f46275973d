// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class RunLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.redrive.RunLogTest");

  @Test
  void keepsLinesThatNameARunAndNoOthers() {
    logger.setLevel(Level.INFO);
    try (RunLog log = RunLog.listen()) {
      logger.atInfo().addKeyValue("run_id", "r1").addKeyValue("failed", 3).log("it {}", "goes on");
      logger.atInfo().addKeyValue("run_id", "r2").log("another run");
      logger.atInfo().addKeyValue("pipeline_id", "b").log("about no run");
      MDC.put("run_id", "r1");
      logger.atError().setCause(new IllegalStateException("broken")).log("while it went on");
      MDC.remove("run_id");

      assertThat(log.of("r1").dropped()).isZero();
      assertThat(log.of("r1").lines()).hasSize(2);
      assertThat(log.of("r1").lines().get(0))
          .contains("INFO", "failed=\"3\"")
          .endsWith("- it goes on");
      assertThat(log.of("r1").lines().get(1))
          .contains("while it went on", "IllegalStateException: broken");
      assertThat(log.of("r3")).isEqualTo(RunLog.Lines.NONE);
    } finally {
      logger.setLevel(null);
    }
  }

  @Test
  void hearsNothingAfterItsEnd() {
    logger.setLevel(Level.INFO);
    RunLog log = RunLog.listen();
    log.close();
    logger.atInfo().addKeyValue("run_id", "r1").log("late");
    logger.setLevel(null);

    assertThat(log.of("r1").lines()).isEmpty();
  }

  @Test
  void ofOneRunTheLastLinesStayAndTheOthersAreCounted() {
    RunLog log = new RunLog();
    for (int i = 0; i < RunLog.MOST_LINES + 7; i++) {
      log.keep("r", "line " + i);
    }

    assertThat(log.of("r").lines()).hasSize(RunLog.MOST_LINES).startsWith("line 7");
    assertThat(log.of("r").dropped()).isEqualTo(7);
  }

  @Test
  void theRunsThatLoggedLeastLatelyLeave() {
    RunLog log = new RunLog();
    for (int i = 0; i <= RunLog.MOST_RUNS; i++) {
      log.keep("r" + i, "line");
    }
    assertThat(log.of("r0").lines()).isEmpty();
    assertThat(log.of("r1").lines()).hasSize(1);
  }

  @Test
  void allLinesTogetherStayWithinTheirMemory() {
    RunLog log = new RunLog();
    String line = "x".repeat(RunLog.LONGEST_LINE);
    int more = 2 * RunLog.MOST_CHARS / RunLog.LONGEST_LINE;
    log.keep("old", line);
    for (int i = 0; i < more; i++) {
      log.keep("r" + i % 2, line);
    }
    assertThat(log.of("old").lines()).isEmpty();
    int held = log.of("r0").lines().size() + log.of("r1").lines().size();
    assertThat(held * RunLog.LONGEST_LINE).isPositive().isLessThanOrEqualTo(RunLog.MOST_CHARS);

    RunLog one = new RunLog();
    for (int i = 0; i < more; i++) {
      one.keep("r", line);
    }
    assertThat(one.of("r").lines()).hasSize(RunLog.MOST_CHARS / RunLog.LONGEST_LINE);
    assertThat(one.of("r").dropped()).isEqualTo(more - RunLog.MOST_CHARS / RunLog.LONGEST_LINE);
  }
}
