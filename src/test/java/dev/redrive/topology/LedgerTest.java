// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.header;
import static dev.redrive.topology.TopologyFixture.headers;
import static dev.redrive.topology.TopologyFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.Entry;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.topology.topics.RetryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every transition of a letter through the whole graph: what goes in, what is stored, what goes
 * out.
 */
class LedgerTest {
  @TempDir private Path directory;
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive = new TopologyFixture(directory);
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void aFailureBecomesALetter() {
    LetterId id = redrive.fail("billing", "r-1");

    Letter letter = letter(id);
    assertThat(letter.head().status()).isEqualTo(Status.PENDING);
    assertThat(letter.head().attemptCount()).isEqualTo(1);
    assertThat(letter.head().facts().errorCode()).isEqualTo("source_timeout");
    assertThat(letter.detail().raw().key().text()).isEqualTo("key-r-1");
    assertThat(redrive.events()).containsExactly("letter.failed");
    assertThat(redrive.letters()).containsExactly(letter);
  }

  @Test
  void theSameRecordFailingAgainIsTheSameLetter() {
    redrive.fail("billing", "r-1");
    LetterId id = redrive.fail("billing", "r-1", "redrive-error-code", "schema_drift");

    assertThat(redrive.letters()).hasSize(1);
    assertThat(letter(id).head().attemptCount()).isEqualTo(2);
    assertThat(letter(id).head().facts().errorCode()).isEqualTo("schema_drift");
    assertThat(redrive.events()).containsExactly("letter.failed", "letter.failed_again");
  }

  @Test
  void twoPipelinesFailingOneRecordAreTwoLetters() {
    redrive.fail("billing", "r-1");
    redrive.fail("shipping", "r-1");

    assertThat(redrive.letters()).hasSize(2);
  }

  @Test
  void aReplaySendsTheRecordAsItWasAndNothingOfItsFailure() {
    LetterId id =
        redrive.fail("billing", "r-1", "trace", "t-1", "redrive-error-stack-trace", "at a.b.C");

    Answer answer = redrive.replay(id);

    assertThat(answer.accepted()).isTrue();
    List<TestRecord<byte[], byte[]>> sent = redrive.sent(RETRY);
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).key()).isEqualTo(utf8("key-r-1"));
    assertThat(sent.get(0).value()).isEqualTo(utf8("{\"id\":\"r-1\"}"));
    assertThat(sent.get(0).headers())
        .extracting(header -> header.key())
        .containsExactly(
            "trace",
            "redrive-letter-id",
            "redrive-pipeline-id",
            "redrive-record-id",
            "redrive-run-id",
            "redrive-attempt");
    assertThat(header(sent.get(0), "redrive-attempt")).isEqualTo("1");
    assertThat(header(sent.get(0), "redrive-run-id")).isEqualTo(answer.runId());
    assertThat(letter(id).head().status()).isEqualTo(Status.RETRYING);
    assertThat(redrive.events())
        .containsExactly("letter.failed", "letter.replayed", "command.accepted");
  }

  @Test
  void aReplayThatFailsAgainIsTheSameLetterWithOneMoreAttempt() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(id);
    TestRecord<byte[], byte[]> replay = redrive.sent(RETRY).get(0);

    // The consumer keeps our headers and adds its own; even another topic and offset do not matter.
    replay.headers().add("redrive-error-code", utf8("schema_drift"));
    redrive.failRaw(replay.key(), replay.value(), replay.headers());

    assertThat(redrive.letters()).hasSize(1);
    assertThat(letter(id).head().attemptCount()).isEqualTo(2);
    assertThat(letter(id).head().status()).isEqualTo(Status.PENDING);
    assertThat(letter(id).head().lastRunId()).startsWith("run_");
    assertThat(redrive.figures.failedAgain.sum()).isEqualTo(1);
  }

  @Test
  void aReplayThatSucceededRemovesTheLetter() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(id);
    redrive.events();

    redrive.outcome("{\"letter_id\":\"" + id + "\",\"attempt\":1,\"outcome\":\"succeeded\"}");

    assertThat(redrive.letter(id)).isEmpty();
    assertThat(redrive.letters()).isEmpty();
    assertThat(redrive.events()).containsExactly("letter.succeeded");
  }

  @Test
  void anOutcomeMayBeToldByPipelineAndRecord() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(id);

    redrive.outcome(
        "{\"pipeline_id\":\"billing\",\"record_id\":\"r-1\",\"outcome\":\"succeeded\"}");

    assertThat(redrive.letter(id)).isEmpty();
  }

  @Test
  void aFailedOutcomeBringsItsErrorToTheLetter() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(id);

    redrive.outcome(
        """
        {"letter_id":"%s","attempt":1,"outcome":"failed",
         "error":{"code":"refused","message":"no such account"}}"""
            .formatted(id));

    assertThat(letter(id).head().attemptCount()).isEqualTo(2);
    assertThat(letter(id).head().facts().errorCode()).isEqualTo("refused");
    assertThat(letter(id).detail().error().message()).isEqualTo("no such account");
    assertThat(letter(id).detail().raw().key().text()).isEqualTo("key-r-1");
  }

  @Test
  void silenceEndsInPendingUnconfirmed() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(id);

    redrive.advance(Duration.ofMinutes(14));
    assertThat(letter(id).head().status()).isEqualTo(Status.RETRYING);
    redrive.advance(Duration.ofMinutes(2));

    assertThat(letter(id).head().state()).isEqualTo(Pending.UNCONFIRMED);
    assertThat(redrive.events()).last().isEqualTo("letter.unconfirmed");
  }

  @Test
  void aDiscardRemovesTheLetterAndTheNextFailureStartsAfresh() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.fail("billing", "r-1");

    Answer answer = redrive.command("{\"type\":\"discard\",\"letter_ids\":[\"" + id + "\"]}");

    assertThat(answer.accepted()).isTrue();
    assertThat(redrive.letter(id)).isEmpty();
    redrive.fail("billing", "r-1");
    assertThat(letter(id).head().attemptCount()).isEqualTo(1);
  }

  @Test
  void aManualLetterIsReplayedByReference() {
    Answer answer =
        redrive.command(
            "{\"type\":\"add\",\"pipeline_id\":\"docs\",\"record_ids\":[\"contracts/a.pdf\"]}");
    LetterId id = LetterId.of("docs", "contracts/a.pdf");

    assertThat(answer.letter()).isEqualTo(id);
    assertThat(letter(id).head().facts().origin()).isEqualTo(Origin.MANUAL);
    assertThat(letter(id).head().attemptCount()).isZero();

    redrive.replay(id);
    TestRecord<byte[], byte[]> sent = redrive.sent(RETRY).get(0);
    assertThat(sent.key()).isEqualTo(utf8("contracts/a.pdf"));
    assertThat(new String(sent.value(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("{\"pipeline_id\":\"docs\",\"source_record_id\":\"contracts/a.pdf\"}");
    assertThat(header(sent, "redrive-payload")).isEqualTo("reference");
  }

  @Test
  void aTombstoneIsReplayedAsATombstone() {
    redrive.failRaw(
        utf8("k"),
        null,
        headers(
            Map.of(
                "redrive-pipeline-id", "billing",
                "redrive-record-id", "t-1",
                "redrive-error-code", "gone")));

    redrive.replay(LetterId.of("billing", "t-1"));

    TestRecord<byte[], byte[]> sent = redrive.sent(RETRY).get(0);
    assertThat(sent.key()).isEqualTo(utf8("k"));
    assertThat(sent.value()).isNull();
  }

  @Test
  void aCommandDoneTwiceIsDoneOnceAndAnsweredTwice() {
    LetterId id = redrive.fail("billing", "r-1");
    String command =
        "{\"type\":\"replay\",\"command_id\":\"c-1\",\"request_id\":\"%s\",\"letter_ids\":[\"%s\"]}";

    Answer first = redrive.command(command.formatted("q-1", id));
    Answer second = redrive.command(command.formatted("q-2", id));

    assertThat(redrive.sent(RETRY)).hasSize(1);
    assertThat(second.duplicate()).isTrue();
    assertThat(second.requestId()).isEqualTo("q-2");
    assertThat(second.runId()).isEqualTo(first.runId());
    assertThat(second.accepted()).isTrue();
  }

  @Test
  void aCommandIsForgottenAfterADay() {
    LetterId id = redrive.fail("billing", "r-1");
    String command =
        "{\"type\":\"discard\",\"command_id\":\"c-1\",\"letter_ids\":[\"" + id + "\"]}";
    redrive.command(command);

    redrive.advance(Duration.ofHours(25));

    Answer again = redrive.command(command);
    assertThat(again.duplicate()).isFalse();
    assertThat(again.refusal().code()).isEqualTo(Code.UNKNOWN_LETTER);
  }

  @Test
  void commandsThatCanNotBeDoneAreRejectedWithTheReasonAndChangeNothing() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(id);
    redrive.sent(RETRY);
    redrive.events();
    Letter before = letter(id);

    assertThat(redrive.replay(id).refusal().code()).isEqualTo(Code.RETRYING);
    assertThat(redrive.replay(LetterId.of("no", "such")).refusal().code())
        .isEqualTo(Code.UNKNOWN_LETTER);
    assertThat(redrive.command("not json").refusal().code()).isEqualTo(Code.INVALID);
    assertThat(redrive.command("{\"type\":\"replay\"}").refusal().code()).isEqualTo(Code.INVALID);

    assertThat(letter(id)).isEqualTo(before);
    assertThat(redrive.sent(RETRY)).isEmpty();
    assertThat(redrive.events()).hasSize(4).containsOnly("command.rejected");
  }

  @Test
  void anUnreadableOutcomeIsToldAndChangesNothing() {
    redrive.outcome("{\"outcome\":\"maybe\"}");

    assertThat(redrive.events()).containsExactly("outcome.unreadable");
    assertThat(redrive.figures.outcomesUnreadable.sum()).isEqualTo(1);
  }

  @Test
  void aRetryTopicThatCanNotTakeTheRecordIsRefusedBeforeAnythingIsSent() {
    LetterId id = redrive.fail("billing", "r-1");

    redrive.targets.put(RETRY, new RetryTarget.Missing());
    assertThat(redrive.replay(id).refusal().code()).isEqualTo(Code.TARGET_MISSING);
    redrive.targets.put(RETRY, new RetryTarget.NotWritable());
    assertThat(redrive.replay(id).refusal().code()).isEqualTo(Code.TARGET_NOT_WRITABLE);
    redrive.targets.put(
        RETRY, new RetryTarget.Writable(1, 50, -1, Long.MAX_VALUE, Long.MAX_VALUE, false));
    assertThat(redrive.replay(id).refusal().code()).isEqualTo(Code.TARGET_TOO_SMALL);
    redrive.targets.put(
        RETRY, new RetryTarget.Writable(1, 10_000, -1, Long.MAX_VALUE, Long.MAX_VALUE, true));
    Map<String, String> headers =
        Map.of("redrive-pipeline-id", "billing", "redrive-record-id", "no key");
    redrive.failRaw(null, utf8("{}"), TopologyFixture.headers(headers));
    Answer answer = redrive.replay(LetterId.of("billing", "no key"));
    assertThat(answer.refusal().code()).isEqualTo(Code.TARGET_NEEDS_KEY);

    assertThat(redrive.sent(RETRY)).isEmpty();
    assertThat(letter(id).head().status()).isEqualTo(Status.PENDING);
  }

  @Test
  void aCommandWaitsWhileItsRetryTopicIsLookedUp() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.lookUpsToCome = 3;

    assertThat(redrive.replay(id).accepted()).isTrue();
    assertThat(redrive.lookUpsToCome).isZero();
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void aCommandPutOffByAnInstanceThatDiedIsLookedUpAnew() {
    LetterId id = redrive.fail("billing", "r-1");
    Command.Meta meta = new Command.Meta("c-1", "q-1", null, null, null);
    LetterCommand replay = new LetterCommand(LetterCommand.Type.REPLAY, meta, id, null, null);
    long longAgo = TopologyFixture.START.toEpochMilli() - 60_000;
    redrive.lookUpsToCome = 1;

    redrive.control(id, new Entry.CommandEntry(replay, longAgo));

    assertThat(redrive.results()).singleElement().matches(Answer::accepted);
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void aSendThatFailedBeforeLeavesItsReasonOnTheLetterAndTheStreamGoesOn() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(redrive.fail("billing", "other"));
    ProducerRecord<byte[], byte[]> failed = new ProducerRecord<>(RETRY, new byte[0]);
    failed.headers().add("redrive-letter-id", utf8(id.toString()));
    failed.headers().add("redrive-attempt", utf8("1"));
    failed.headers().add("redrive-run-id", utf8(RunIds.of("first")));
    redrive.sendFailures.refused(failed, new RecordTooLargeException("too large"));

    Answer answer =
        redrive.command(
            "{\"type\":\"replay\",\"command_id\":\"first\",\"letter_ids\":[\"" + id + "\"]}");

    assertThat(answer.refusal().code()).isEqualTo(Code.SEND_FAILED);
    assertThat(letter(id).head().state())
        .isEqualTo(new Pending(false, "sending it to topic redrive-retry failed: too large"));
    assertThat(redrive.replay(id).accepted()).as("the next command").isTrue();
  }

  @Test
  void aRecordDeliveredAgainAfterItsLetterIsGoneBringsNothingBack() {
    LetterId id = redrive.fail("billing", "r-1");
    List<TestRecord<byte[], byte[]>> entries = redrive.sent("redrive-ledger");
    redrive.command("{\"type\":\"discard\",\"letter_ids\":[\"" + id + "\"]}");

    redrive.deliverAgain(entries.get(0));

    assertThat(redrive.letter(id)).isEmpty();
    assertThat(redrive.figures.redeliveries.sum()).isEqualTo(1);
  }

  @Test
  void aReplayThatFailsOnTheRetryTopicLeavesWhereTheRecordCameFrom() {
    LetterId id = redrive.fail("billing", "r-1", "redrive-source-topic", "invoices");
    redrive.replay(id);

    redrive.fail(
        "billing",
        "r-1",
        "redrive-letter-id",
        id.toString(),
        "redrive-attempt",
        "1",
        "redrive-error-code",
        "schema_drift",
        "redrive-source-topic",
        RETRY);

    assertThat(letter(id).head().attemptCount()).isEqualTo(2);
    assertThat(letter(id).head().facts().errorCode()).isEqualTo("schema_drift");
    assertThat(letter(id).detail().source().topic()).isEqualTo("invoices");
  }

  @Test
  void aTopicThatWasMadeAgainHasNewRecordsThoughTheirOffsetsAreOld() {
    redrive.fail("billing", "r-1");
    redrive.recreateErrorTopic();

    LetterId id = redrive.fail("billing", "r-2");

    assertThat(redrive.letter(id)).isPresent();
  }

  private Letter letter(LetterId id) {
    return redrive.letter(id).orElseThrow();
  }
}
