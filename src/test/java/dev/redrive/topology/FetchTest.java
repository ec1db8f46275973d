// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.header;
import static dev.redrive.topology.TopologyFixture.headers;
import static dev.redrive.topology.TopologyFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.EffectId;
import dev.redrive.codec.Entry;
import dev.redrive.codec.EntryCodec;
import dev.redrive.codec.RowKey;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.letter.Source;
import dev.redrive.topology.effects.Fetched;
import dev.redrive.topology.topics.RetryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays of letters that have not their whole record: it is read from where it lies. */
class FetchTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final LetterId CUT = LetterId.of("billing", "large");
  private static final Coordinates CUT_LIES = new Coordinates(TopologyFixture.ERRORS, 0, 0);

  @TempDir private Path directory;
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive = new TopologyFixture(directory);
    redrive.targets.put(
        RETRY, new RetryTarget.Writable(1, 10_000_000, -1, Long.MAX_VALUE, Long.MAX_VALUE, false));
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void aCutLetterIsReplayedWholeAndItsCommandAnsweredOnlyThen() {
    byte[] value = failLarge();
    ask(CUT, "c-1", "q-1");

    assertThat(redrive.results()).isEmpty();
    assertThat(redrive.letter(CUT).orElseThrow().head().status()).isEqualTo(Status.PENDING);
    finish();

    Answer answer = redrive.results().get(0);
    assertThat(answer.accepted()).as(() -> answer.toString()).isTrue();
    TestRecord<byte[], byte[]> sent = redrive.sent(RETRY).get(0);
    assertThat(sent.value()).isEqualTo(value);
    assertThat(sent.key()).isEqualTo(utf8("key"));
    assertThat(sent.headers().lastHeader("trace")).isNotNull();
    assertThat(sent.headers().lastHeader("redrive-error-code")).isNull();
    assertThat(header(sent, "redrive-attempt")).isEqualTo("1");
    assertThat(redrive.letter(CUT).orElseThrow().head().status()).isEqualTo(Status.RETRYING);
    assertThat(open(CUT)).isFalse();
  }

  @Test
  void commandsForOtherLettersDoNotWaitForIt() {
    failLarge();
    LetterId other = redrive.fail("billing", "small");
    ask(CUT, "c-1", "q-1");

    assertThat(redrive.replay(other).accepted()).isTrue();
  }

  @Test
  void anotherCommandMeanwhileIsRefusedAndTheSameOneGetsItsAnswerToo() {
    failLarge();
    ask(CUT, "c-1", "q-1");

    assertThat(redrive.replay(CUT).refusal().code()).isEqualTo(Code.RETRYING);
    String discard = "{\"type\":\"discard\",\"letter_ids\":[\"" + CUT + "\"]}";
    assertThat(redrive.command(discard).refusal().code()).isEqualTo(Code.RETRYING);
    ask(CUT, "c-1", "q-2");
    finish();

    List<Answer> answers = redrive.results();
    assertThat(answers).extracting(Answer::requestId).containsExactly("q-1", "q-2");
    assertThat(answers).allMatch(Answer::accepted);
    assertThat(answers).extracting(Answer::duplicate).containsExactly(false, true);
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void anOriginalThatIsGoneIsToldAndTheLetterStays() {
    failLarge();
    redrive.originals.put(CUT_LIES, new Fetched.Gone("that partition begins at offset 7"));
    ask(CUT, "c-1", "q-1");
    finish();

    Answer answer = redrive.results().get(0);
    assertThat(answer.refusal().code()).isEqualTo(Code.ORIGINAL_GONE);
    assertThat(answer.refusal().message()).contains("redrive-errors-0-0", "begins at offset 7");
    assertThat(redrive.letter(CUT).orElseThrow().head().status()).isEqualTo(Status.PENDING);
    assertThat(redrive.sent(RETRY)).isEmpty();
    assertThat(open(CUT)).isFalse();
  }

  @Test
  void anotherRecordInItsPlaceIsNotSent() {
    byte[] value = failLarge();
    byte[] other = value.clone();
    other[10]++;
    lies(CUT_LIES, "key", other, Map.of());
    ask(CUT, "c-1", "q-1");
    finish();

    assertThat(redrive.results().get(0).refusal().message()).contains("another record lies there");
    assertThat(redrive.sent(RETRY)).isEmpty();
  }

  @Test
  void aReadingThatFailsIsTriedAgainAndGivenUpInTheEnd() {
    failLarge();
    redrive.readingsToFail = Effects.MAX_ATTEMPTS - 1;
    ask(CUT, "c-1", "q-1");
    finish();
    assertThat(redrive.results().get(0).accepted()).isTrue();

    LetterId again = redrive.fail("billing", "large", "redrive-letter-id", CUT.toString());
    redrive.outcome("{\"letter_id\":\"" + again + "\",\"outcome\":\"succeeded\"}");
    redrive.recreateErrorTopic();
    failLarge();
    redrive.readingsToFail = Effects.MAX_ATTEMPTS;
    ask(CUT, "c-2", "q-2");
    finish();
    Answer answer = redrive.results().get(0);
    assertThat(answer.refusal().code()).isEqualTo(Code.ORIGINAL_NOT_READ);
    assertThat(answer.refusal().message()).contains("no broker answered");
    assertThat(open(CUT)).isFalse();
  }

  @Test
  void whatAnInstanceReadThatHasLostThePartitionIsReadAgain() {
    byte[] value = failLarge();
    ask(CUT, "c-1", "q-1");
    redrive.advance(STEP);
    redrive.forgetWork();

    redrive.control(CUT, new Entry.EffectEntry(EffectId.fetch(CUT), 1, null));
    finish();

    assertThat(redrive.results().get(0).accepted()).isTrue();
    assertThat(redrive.sent(RETRY).get(0).value()).isEqualTo(value);
  }

  @Test
  void staleNewsIsIgnored() {
    failLarge();
    redrive.readingsToFail = 1;
    ask(CUT, "c-1", "q-1");
    redrive.advance(STEP);
    redrive.work();
    redrive.advance(STEP);

    redrive.control(CUT, new Entry.EffectEntry(EffectId.fetch(CUT), 1, "too late"));
    redrive.control(CUT, new Entry.EffectEntry(EffectId.fetch(CUT), 1, "too late"));
    assertThat(redrive.results()).isEmpty();
    finish();

    assertThat(redrive.results()).singleElement().matches(Answer::accepted);
    redrive.control(CUT, new Entry.EffectEntry(EffectId.fetch(CUT), 2, null));
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void workThatNeverEndsIsBegunAgainAtItsDeadline() {
    failLarge();
    ask(CUT, "c-1", "q-1");
    redrive.advance(STEP);
    redrive.forgetWork();

    redrive.advance(Duration.ofSeconds(16));
    finish();

    assertThat(redrive.results()).singleElement().matches(Answer::accepted);
  }

  @Test
  void aTaskThatTakesOverDoesOpenEffectsAgain() {
    failLarge();
    ask(CUT, "c-1", "q-1");
    redrive.advance(STEP);
    List<KeyValue<Bytes, byte[]>> rows = redrive.rows();
    redrive.close();

    redrive = new TopologyFixture(directory, Map.of(), rows);
    redrive.targets.put(
        RETRY, new RetryTarget.Writable(1, 10_000_000, -1, Long.MAX_VALUE, Long.MAX_VALUE, false));
    lies(CUT_LIES, "key", large(), largeHeaders());
    finish();

    assertThat(redrive.results()).singleElement().matches(Answer::accepted);
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void aLetterThatIsGoneWhenItsOriginalIsReadIsNotSent() {
    failLarge();
    ask(CUT, "c-1", "q-1");
    redrive.outcome("{\"letter_id\":\"" + CUT + "\",\"outcome\":\"succeeded\"}");
    finish();

    assertThat(redrive.results().get(0).refusal().code()).isEqualTo(Code.UNKNOWN_LETTER);
    assertThat(redrive.sent(RETRY)).isEmpty();
  }

  @Test
  void aManualLetterIsReplayedFromThePlaceThatItsRecordIdNames() {
    redrive.command(
        "{\"type\":\"add\",\"pipeline_id\":\"docs\",\"record_ids\":[\"orders-eu-3-17\"]}");
    LetterId id = LetterId.of("docs", "orders-eu-3-17");
    lies(
        new Coordinates("orders-eu", 3, 17),
        "o-1",
        utf8("the order"),
        Map.of("redrive-note", "old", "trace", "t-9"));
    ask(id, "c-1", "q-1");
    finish();

    TestRecord<byte[], byte[]> sent = redrive.sent(RETRY).get(0);
    assertThat(sent.key()).isEqualTo(utf8("o-1"));
    assertThat(sent.value()).isEqualTo(utf8("the order"));
    assertThat(header(sent, "trace")).isEqualTo("t-9");
    assertThat(sent.headers().lastHeader("redrive-note")).isNull();
    assertThat(sent.headers().lastHeader("redrive-payload")).isNull();
    assertThat(header(sent, "redrive-letter-id")).isEqualTo(id.toString());
  }

  @Test
  void aManualRecordIdThatOnlyLooksLikeAPlaceIsSentAsAReference() {
    redrive.command(
        "{\"type\":\"add\",\"pipeline_id\":\"docs\",\"record_ids\":[\"invoice-2024-17\"]}");
    ask(LetterId.of("docs", "invoice-2024-17"), "c-1", "q-1");
    finish();

    assertThat(header(redrive.sent(RETRY).get(0), "redrive-payload")).isEqualTo("reference");
  }

  @Test
  void aManualRecordIdNeverReadsWhatRedriveItselfKeeps() {
    redrive.command(
        "{\"type\":\"add\",\"pipeline_id\":\"docs\",\"record_ids\":[\"redrive-commands-0-0\"]}");
    ask(LetterId.of("docs", "redrive-commands-0-0"), "c-1", "q-1");

    assertThat(header(redrive.sent(RETRY).get(0), "redrive-payload")).isEqualTo("reference");
  }

  @Test
  void aLetterThatOnlyPointsAtItsRecordIsReplayedFromThere() {
    LetterId id = failPointing(new Source("orders", 2, 40L, null, "group"));
    lies(new Coordinates("orders", 2, 40), "k", utf8("v"), Map.of());
    ask(id, "c-1", "q-1");
    finish();

    TestRecord<byte[], byte[]> sent = redrive.sent(RETRY).get(0);
    assertThat(sent.value()).isEqualTo(utf8("v"));
    assertThat(header(sent, "redrive-record-id")).isEqualTo("orders-2-40");
  }

  @Test
  void aLetterWhoseRecordIsGoneFromItsOriginSaysSo() {
    LetterId id = failPointing(new Source("orders", 2, 40L, null, "group"));
    ask(id, "c-1", "q-1");
    finish();

    assertThat(redrive.results().get(0).refusal().code()).isEqualTo(Code.ORIGINAL_GONE);
  }

  @Test
  void aLetterThatPointsNowhereIsRefusedAtOnce() {
    LetterId id = failPointing(new Source("orders", null, null, null, "group"));

    assertThat(redrive.replay(id).refusal().code()).isEqualTo(Code.NO_PAYLOAD);
  }

  private void ask(LetterId id, String command, String request) {
    redrive.control(
        id,
        new Entry.CommandEntry(
            new LetterCommand(
                LetterCommand.Type.REPLAY,
                new Command.Meta(command, request, null, null, null),
                id,
                null,
                null),
            0));
  }

  /** Lets the clock go on and the work be done, until nothing is left to do. */
  private void finish() {
    for (int i = 0; i < 2 * Effects.MAX_ATTEMPTS + 2; i++) {
      redrive.advance(STEP);
      redrive.work();
    }
  }

  private byte[] failLarge() {
    redrive.failRaw(utf8("key"), large(), headers(largeHeaders()));
    lies(CUT_LIES, "key", large(), largeHeaders());
    assertThat(redrive.letter(CUT).orElseThrow().detail().cut()).isNotNull();
    return large();
  }

  private static Map<String, String> largeHeaders() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("trace", "t-1");
    all.put("redrive-pipeline-id", "billing");
    all.put("redrive-record-id", "large");
    all.put("redrive-error-code", "too_large");
    return all;
  }

  private static byte[] large() {
    byte[] value = new byte[2_000_000];
    Arrays.fill(value, (byte) 'x');
    return value;
  }

  private LetterId failPointing(Source source) {
    LetterId id = LetterId.of("orders-app", "orders-2-40");
    long now = TopologyFixture.START.toEpochMilli();
    FailureFacts facts =
        new FailureFacts(
            "orders-app",
            "orders-2-40",
            Origin.PIPELINE,
            FailureKind.EXCEPTION,
            null,
            null,
            null,
            null,
            now,
            now,
            now,
            null,
            List.of(),
            "orders",
            Fidelity.MISSING,
            new DeadLetterPosition(new UUID(1, 1), TopologyFixture.ERRORS, 0, 5, 0, now),
            null,
            null);
    FailureDetail detail =
        new FailureDetail(
            new RawRecord(null, null, List.of()),
            "share-group",
            List.of("share-group"),
            FailureError.UNKNOWN,
            source,
            null,
            null,
            List.of(),
            null);
    redrive.deliverAgain(
        new TestRecord<>(
            LedgerPartitioner.key(id),
            EntryCodec.encodeFailure(id, facts, DetailCodec.encode(detail)),
            new RecordHeaders()));
    return id;
  }

  private void lies(Coordinates place, String key, byte[] value, Map<String, String> headers) {
    List<Header> all = new ArrayList<>();
    headers.forEach((name, text) -> all.add(Header.utf8(name, text)));
    RawRecord record = new RawRecord(RawBytes.utf8(key), RawBytes.of(value), all);
    redrive.originals.put(place, new Fetched.Found(record, 1_700_000_000_000L));
  }

  private boolean open(LetterId id) {
    byte[] row = redrive.store().get(Bytes.wrap(RowKey.effect(EffectId.fetch(id))));
    return row != null;
  }
}
