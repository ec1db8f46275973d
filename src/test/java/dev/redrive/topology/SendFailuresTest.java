// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SendFailuresTest {
  private static final LetterId LETTER = LetterId.of("orders", "1");

  private final List<String> doubted = new ArrayList<>();
  private final SendFailures failures = new SendFailures(doubted::add);

  @Test
  void whatWasRefusedIsNotSentAgainInThatRun() {
    failures.refused(replay("run_1"), new RecordTooLargeException("too large"));

    assertThat(failures.refusal(LETTER, "run_2")).isEmpty();
    assertThat(failures.refusal(LETTER, "run_1"))
        .contains("sending it to topic retry failed: too large");
    assertThat(doubted).containsExactly("retry");
  }

  @Test
  void aRefusalIsRememberedUntilItIsCommitted() {
    failures.refused(replay("run_1"), new RecordTooLargeException("too large"));

    assertThat(failures.refusal(LETTER, "run_1")).isPresent();
    failures.dropped();
    failures.committed();
    assertThat(failures.refusal(LETTER, "run_1")).as("the first was dropped").isPresent();
    failures.committed();
    assertThat(failures.refusal(LETTER, "run_1")).as("committed").isEmpty();
  }

  @Test
  void whatNobodyAnsweredIsSentThreeTimesInAll() {
    for (int sends = 1; sends < SendFailures.SENDS_INTO_SILENCE; sends++) {
      failures.unanswered(replay("run_1"), new TimeoutException("nobody"));
      assertThat(failures.refusal(LETTER, "run_1")).as("after %s", sends).isEmpty();
    }
    failures.unanswered(replay("run_1"), new TimeoutException("nobody"));

    assertThat(failures.refusal(LETTER, "run_1"))
        .contains("sending it to topic retry failed: nobody");
    assertThat(doubted).hasSize(SendFailures.SENDS_INTO_SILENCE);
  }

  private static ProducerRecord<byte[], byte[]> replay(String run) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("retry", new byte[0]);
    record.headers().add("redrive-letter-id", LETTER.toString().getBytes(UTF_8));
    record.headers().add("redrive-run-id", run.getBytes(UTF_8));
    record.headers().add("redrive-attempt", "1".getBytes(UTF_8));
    return record;
  }
}
