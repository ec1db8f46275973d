// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.Redrive;
import dev.redrive.codec.AnswerJson;
import dev.redrive.command.Answer;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.store.StoreFigures;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The group's offsets are gone: everything is read a second time and changes nothing. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LostOffsetsIT {
  private static final int LETTERS = Installation.LETTERS;
  private static final int THIRD = LETTERS / 3;
  private static final int REPLAYED = THIRD + THIRD;
  private static final Duration WORK = Duration.ofMinutes(3);

  @TempDir Path dir;

  @Test
  void resolvedLettersStayAwayAndOthersAreNotCountedTwice() throws Exception {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER)) {
      Installation here = new Installation(broker.bootstrapServers(), "lost", dir.resolve("state"));
      try (Redrive redrive = start(here)) {
        work(here, redrive);
      }
      LeftOnDisk before = LeftOnDisk.checked(here);
      assertThat(before.letters()).hasSize(LETTERS - THIRD);
      int entries = TopicReader.committed(here, here.topic("ledger")).size();

      deleteOffsets(here);

      try (Redrive redrive = start(here)) {
        int failures = Traffic.failures(0, LETTERS);
        await()
            .atMost(WORK)
            .untilAsserted(
                () ->
                    assertThat(redrive.figures().redeliveries.sum()).isEqualTo(failures + entries));
        await().atMost(WORK).pollInterval(Duration.ofMillis(500)).until(() -> hasReadAll(here));
        assertThat(letters(redrive)).isEqualTo(LETTERS - THIRD);
      }
      assertOnlyAnsweredAgain(here);
      assertUnchanged(before, LeftOnDisk.checked(here));
    }
  }

  /** A third is replayed and worked, a third is replayed and failed, a third is left alone. */
  private static void work(Installation here, Redrive redrive) {
    try (Traffic traffic = new Traffic(here)) {
      traffic.fail(0, LETTERS);
      await().atMost(WORK).until(() -> letters(redrive) == LETTERS);
      traffic.replay(0, REPLAYED);
      await().atMost(WORK).until(() -> redrive.figures().commandsAccepted.sum() == REPLAYED);
      traffic.tell(0, THIRD, "succeeded");
      traffic.tell(THIRD, REPLAYED, "failed");
      await().atMost(WORK).until(() -> redrive.figures().failedAgain.sum() == THIRD);
      await().atMost(WORK).until(() -> letters(redrive) == LETTERS - THIRD);
    }
  }

  private static Redrive start(Installation here) throws Exception {
    return Redrive.start(SettingsLoader.of(here.settings()), Clock.systemUTC());
  }

  private static long letters(Redrive redrive) {
    return redrive.stores().stream().mapToLong(StoreFigures::letters).sum();
  }

  private static void deleteOffsets(Installation here) throws Exception {
    try (Admin admin = Admin.create(here.clients())) {
      assertThat(offsets(admin, here)).isNotEmpty();
      admin.deleteConsumerGroups(List.of(here.name())).all().get();
      assertThat(offsets(admin, here)).isEmpty();
    }
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin, Installation here)
      throws Exception {
    return admin.listConsumerGroupOffsets(here.name()).partitionsToOffsetAndMetadata().get();
  }

  private static boolean hasReadAll(Installation here) throws Exception {
    Map<TopicPartition, Long> last = new HashMap<>();
    for (String kind : List.of("errors", "commands", "outcomes", "ledger", "control")) {
      TopicReader.committed(here, here.topic(kind))
          .forEach(
              record ->
                  last.put(
                      new TopicPartition(record.topic(), record.partition()), record.offset()));
    }
    try (Admin admin = Admin.create(here.clients())) {
      Map<TopicPartition, OffsetAndMetadata> read = offsets(admin, here);
      return last.entrySet().stream()
          .allMatch(
              end ->
                  read.containsKey(end.getKey())
                      && read.get(end.getKey()).offset() > end.getValue());
    }
  }

  private static void assertOnlyAnsweredAgain(Installation here) {
    assertThat(TopicReader.committed(here, here.topic("retry"))).hasSize(REPLAYED);
    List<Answer> answers =
        TopicReader.committed(here, here.topic("results")).stream()
            .map(record -> AnswerJson.read(record.value()).orElseThrow())
            .toList();
    assertThat(answers).allMatch(Answer::accepted);
    assertThat(answers).filteredOn(answer -> !answer.duplicate()).hasSize(REPLAYED);
    assertThat(answers).filteredOn(Answer::duplicate).hasSizeGreaterThanOrEqualTo(REPLAYED);
  }

  private static void assertUnchanged(LeftOnDisk before, LeftOnDisk after) {
    Map<LetterId, LetterHead> letters = after.letters();
    assertThat(letters).isEqualTo(before.letters());
    for (int number = 0; number < LETTERS; number++) {
      LetterHead head = letters.get(Traffic.letter(number));
      if (number < THIRD) {
        assertThat(head).as("resolved letter %s", number).isNull();
      } else {
        int failedAgain = number < REPLAYED ? 1 : 0;
        assertThat(head.attemptCount())
            .as("failures of letter %s", number)
            .isEqualTo(Traffic.failuresOf(number) + failedAgain);
      }
    }
    assertThat(LeftOnDisk.differences(after.rows(), before.rows())).isEmpty();
  }
}
