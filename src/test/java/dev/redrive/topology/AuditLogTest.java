// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.redrive.letter.LetterId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** The audit as log lines: who asked, what was matched, what came of it. */
class AuditLogTest {
  private static final Logger AUDIT = (Logger) LoggerFactory.getLogger("redrive-audit");

  private static final Logger OURS = (Logger) LoggerFactory.getLogger("dev.redrive");

  @TempDir private Path directory;
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    lines.start();
    AUDIT.addAppender(lines);
    redrive = new TopologyFixture(directory);
  }

  @AfterEach
  void stop() {
    redrive.close();
    AUDIT.detachAppender(lines);
    AUDIT.setLevel(null);
  }

  @Test
  void commandAndItsRunAreTold() {
    LetterId letter = redrive.fail("billing", "r-1");
    redrive.fail("billing", "r-2");
    AUDIT.setLevel(Level.INFO);
    String run =
        redrive
            .command(
                "{\"type\":\"discard\",\"all\":true,\"requested_by\":\"ann\","
                    + "\"note\":\"old\\nnews\"}")
            .runId();
    for (int step = 0; step < 5; step++) {
      redrive.advance(Duration.ofMillis(100));
    }

    assertThat(fields("dev.redrive.command.accepted.v1"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .containsEntry("requested_by", "ann")
                    .containsEntry("type", "discard")
                    .containsEntry("note", "old news")
                    .containsEntry("run_id", run));
    assertThat(fields("dev.redrive.run.completed.v1"))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .containsEntry("subject", run)
                    .containsEntry("matched", "2")
                    .containsEntry("discarded", "2")
                    .containsEntry("requested_by", "ann"));
    assertThat(texts()).noneMatch(line -> line.contains(letter.toString()));
  }

  @Test
  void lettersAreToldToWhoAsksForThemAndNeverTheirPayload() {
    AUDIT.setLevel(Level.DEBUG);
    LetterId letter = redrive.fail("billing", "r-secret");
    redrive.replay(letter);
    redrive.outcome("{\"letter_id\":\"" + letter + "\",\"outcome\":\"succeeded\"}");

    assertThat(fields("dev.redrive.letter.succeeded.v1"))
        .singleElement()
        .satisfies(line -> assertThat(line).containsEntry("letter_id", letter.toString()));
    assertThat(texts()).noneMatch(line -> line.contains("took too long"));
    assertThat(texts()).noneMatch(line -> line.contains("{\"id\""));
  }

  /** Half a million failures must not be half a million lines, nor must their replays. */
  @Test
  void aStormWritesNoLineForEachLetter() {
    Level before = OURS.getLevel();
    OURS.addAppender(lines);
    try {
      OURS.setLevel(Level.INFO);
      AUDIT.setLevel(Level.INFO);
      for (int i = 0; i < 300; i++) {
        redrive.fail("billing", "r-" + i);
      }
      redrive.outcome("not one");
      redrive.command("{\"type\":\"replay\",\"all\":true}");
      for (int step = 0; step < 20; step++) {
        redrive.advance(Duration.ofMillis(100));
        redrive.outcome("nor this");
      }
    } finally {
      OURS.setLevel(before);
      OURS.detachAppender(lines);
    }

    assertThat(redrive.figures.replays.sum()).isEqualTo(300);
    assertThat(lines.list).hasSizeBetween(3, 15);
  }

  private List<Map<String, Object>> fields(String event) {
    return lines.list.stream()
        .map(
            line ->
                line.getKeyValuePairs().stream()
                    .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value)))
        .filter(fields -> event.equals(fields.get("event")))
        .toList();
  }

  private List<String> texts() {
    return lines.list.stream()
        .flatMap(line -> line.getKeyValuePairs().stream())
        .map(KeyValuePair::toString)
        .toList();
  }
}
