// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.AnswerJson;
import dev.redrive.command.Answer;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;

/** The replay of all letters by one command each, and how it must have ended whatever happened. */
public record ReplayOfAll(Installation installation, int letters) {

  /** Waits until so many replays are there to be read. */
  public void awaitReplays(int count, Duration atMost) {
    await("retry", count, atMost);
  }

  /** Waits until every command has its answer. */
  public void awaitAnswers(Duration atMost) {
    await("results", letters, atMost);
  }

  /**
   * Commands that nobody has answered yet, at least: answers of a transaction that may still be
   * taken back count as given.
   */
  public int outstanding() {
    Set<String> answered =
        TopicReader.sent(installation, installation.topic("results")).stream()
            .map(ReplayOfAll::answer)
            .map(Answer::commandId)
            .collect(Collectors.toSet());
    return letters - answered.size();
  }

  /** Each letter once on the retry topic, byte for byte, and each command answered once. */
  public void assertEachWasReplayedOnce() {
    List<Answer> answers =
        TopicReader.committed(installation, installation.topic("results")).stream()
            .map(ReplayOfAll::answer)
            .toList();
    assertThat(answers).allMatch(answer -> answer.accepted() && !answer.duplicate());
    assertThat(answers)
        .extracting(Answer::commandId)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, letters).mapToObj(Traffic::commandId).toList());
    Map<String, ConsumerRecord<byte[], byte[]>> replayed = new HashMap<>();
    for (var replay : TopicReader.committed(installation, installation.topic("retry"))) {
      String letter = header(replay, "redrive-letter-id");
      assertThat(replayed.put(letter, replay)).as("first replay of %s", letter).isNull();
      assertThat(header(replay, "redrive-attempt")).isEqualTo("1");
    }
    assertThat(replayed.size()).as("replayed letters").isEqualTo(letters);
    for (int number = 0; number < letters; number++) {
      ConsumerRecord<byte[], byte[]> replay = replayed.get(Traffic.letter(number).toString());
      assertThat(replay).as("replay of letter %s", number).isNotNull();
      assertThat(replay.value()).isEqualTo(Traffic.value(number));
    }
  }

  /** Each letter is on its first replay, and its failures were counted once. */
  void assertEachWasCountedOnce(Map<LetterId, LetterHead> kept) {
    assertThat(kept).hasSize(letters);
    for (int number = 0; number < letters; number++) {
      LetterHead head = kept.get(Traffic.letter(number));
      assertThat(head.state()).isInstanceOf(LetterState.Retrying.class);
      assertThat(head.attempt()).isEqualTo(1);
      assertThat(head.attemptCount()).isEqualTo(Traffic.failuresOf(number));
    }
  }

  private void await(String kind, int count, Duration atMost) {
    String topic = installation.topic(kind);
    long deadline = System.nanoTime() + atMost.toNanos();
    int seen = 0;
    try (TopicReader reader = new TopicReader(installation, topic, IsolationLevel.READ_COMMITTED)) {
      while (seen < count) {
        assertThat(System.nanoTime())
            .as("nanoseconds, with %s of %s records on %s", seen, count, topic)
            .isLessThan(deadline);
        seen += reader.poll().size();
      }
    }
  }

  private static Answer answer(ConsumerRecord<byte[], byte[]> record) {
    return AnswerJson.read(record.value()).orElseThrow();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
