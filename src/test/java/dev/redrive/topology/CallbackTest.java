// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.headers;
import static dev.redrive.topology.TopologyFixture.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.Effect;
import dev.redrive.codec.EffectId;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.codec.RowKey;
import dev.redrive.command.Answer;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.store.CensusQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failure callbacks as the ledger sees them: what is called, when, and what counts. */
class CallbackTest {
  private static final Duration STEP = Duration.ofMillis(100);
  private static final LetterId ID = LetterId.of("hooks", "r-1");
  private static final CallbackReply WORKED = answer(200, "fine");
  private static final CallbackReply BROKEN = answer(500, "broken");
  private static final Map<String, String> ON =
      Map.of("callbacks.allowed-hosts", "a.example", "callbacks.delays", "10s,20s");

  @TempDir private Path directory;
  private TopologyFixture redrive;

  /** Ids that the callback was called with. */
  private final List<String> called = new ArrayList<>();

  private final Queue<CallbackReply> answers = new ArrayDeque<>();

  @BeforeEach
  void start() {
    begin(new TopologyFixture(directory, ON));
  }

  private void begin(TopologyFixture fixture) {
    redrive = fixture;
    redrive.answers =
        (id, letter) -> {
          assertThat(letter.detail().http().failureCallback())
              .isEqualTo("https://a.example/failed");
          called.add(id);
          CallbackReply reply = answers.poll();
          return reply == null ? CallbackReply.none("down") : reply;
        };
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void arrivalIsCalledBackAndTheAnswerKept() {
    answers.add(WORKED);
    fail();
    assertThat(state()).isEqualTo("CALLBACK_INPROGRESS");
    assertThat(called).isEmpty();
    redrive.events();
    finish();

    assertThat(called).hasSize(1);
    assertThat(called.get(0)).startsWith(ID + ".");
    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
    assertThat(response().status()).isEqualTo(200);
    assertThat(response().body().text()).isEqualTo("fine");
    assertThat(redrive.events()).containsExactly("letter.callback_succeeded");
    assertThat(open()).isEmpty();
    assertThat(redrive.figures.callbacksSucceeded.sum()).isEqualTo(1);
  }

  @Test
  void oneThatFailsIsCalledAgainAfterItsDelayAndThenNoMore() {
    answers.addAll(List.of(BROKEN, BROKEN, BROKEN, WORKED));
    fail();
    finish();
    assertThat(called).hasSize(1);
    assertThat(state()).isEqualTo("CALLBACK_INPROGRESS");
    assertThat(waiting()).as("pauses").isEqualTo(1);
    redrive.advance(Duration.ofSeconds(9));
    finish();
    assertThat(called).hasSize(1);
    redrive.advance(Duration.ofSeconds(4));
    finish();
    assertThat(called).hasSize(2);
    redrive.advance(Duration.ofSeconds(25));
    finish();

    assertThat(called).hasSize(3);
    assertThat(called.get(0)).as("the receiver knows it again").isEqualTo(called.get(2));
    assertThat(state()).isEqualTo("CALLBACK_FAIL");
    assertThat(response().status()).isEqualTo(500);
    redrive.advance(Duration.ofHours(1));
    finish();
    assertThat(called).hasSize(3);
    assertThat(open()).isEmpty();
    assertThat(waiting()).isZero();
  }

  @Test
  void whatMayNotBeCalledIsNotTriedAgain() {
    answers.add(CallbackReply.refused("not allowed"));
    fail();
    finish();

    assertThat(state()).isEqualTo("CALLBACK_FAIL");
    assertThat(response().status()).isNull();
    assertThat(response().body().text()).isEqualTo("not allowed");
  }

  @Test
  void aFailedOneIsRunAgainAndTheReceiverSeesThatItIsAnother() {
    answers.add(CallbackReply.refused("no"));
    fail();
    finish();
    redrive.events();

    answers.add(WORKED);
    Answer answer = rerun();
    assertThat(answer.accepted()).as(() -> answer.toString()).isTrue();
    assertThat(answer.seen()).isNotNull();
    assertThat(state()).isEqualTo("CALLBACK_INPROGRESS");
    assertThat(redrive.events()).containsExactly("letter.callback_rerun", "command.accepted");
    finish();

    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
    assertThat(called).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void onlyAFailedOneIsRunAgainAndOnlyOneInProgressCanceled() {
    fail();
    assertThat(rerun().refusal().code()).isEqualTo(Code.CALLBACK_STATE);
    answers.add(WORKED);
    finish();
    assertThat(rerun().refusal().code()).isEqualTo(Code.CALLBACK_STATE);
    assertThat(cancel().refusal().code()).isEqualTo(Code.CALLBACK_STATE);
    assertThat(cancel().refusal().message()).contains("CALLBACK_SUCCESS");

    LetterId plain = redrive.fail("billing", "1");
    assertThat(callback(plain, "rerun").refusal().code()).isEqualTo(Code.CALLBACK_STATE);
    assertThat(callback(LetterId.of("a", "b"), "rerun").refusal().code())
        .isEqualTo(Code.UNKNOWN_LETTER);
    assertThat(callback(LetterId.of("a", "b"), "cancel").refusal().code())
        .isEqualTo(Code.UNKNOWN_LETTER);
  }

  @Test
  void aCanceledOneIsNotCalledAgainAndALateAnswerIsIgnored() {
    fail();
    redrive.advance(STEP);
    assertThat(cancel().accepted()).isTrue();
    answers.add(WORKED);
    finish();

    assertThat(called).as("it was out").hasSize(1);
    assertThat(state()).isEqualTo("CALLBACK_CANCELED");
    redrive.advance(Duration.ofHours(1));
    finish();
    assertThat(called).hasSize(1);
    assertThat(rerun().refusal().code()).isEqualTo(Code.CALLBACK_STATE);
    assertThat(redrive.figures.callbacksCanceled.sum()).isEqualTo(1);
  }

  @Test
  void aStaleAnswerNeverOverwritesARerun() {
    answers.add(CallbackReply.refused("no"));
    fail();
    finish();
    EffectId first = begunFirst();
    rerun();
    redrive.advance(STEP);

    redrive.control(ID, EffectEntry.called(first, 1, WORKED));
    assertThat(state()).isEqualTo("CALLBACK_INPROGRESS");
    answers.add(answer(404, "second"));
    finish();
    redrive.control(ID, EffectEntry.called(first, 1, WORKED));
    EffectId second = open().get(0).id();
    redrive.control(ID, EffectEntry.called(second, 1, WORKED));

    assertThat(state()).as("its attempt has ended, it pauses").isEqualTo("CALLBACK_INPROGRESS");
    redrive.control(ID, EffectEntry.called(second, 3, WORKED));
    assertThat(state()).isEqualTo("CALLBACK_INPROGRESS");
  }

  @Test
  void theNextFailureBeginsAnewAndTheOldAnswerIsStale() {
    fail();
    redrive.advance(STEP);
    EffectId first = open().get(0).id();
    fail();
    assertThat(open()).hasSize(1);
    assertThat(open().get(0).id()).isNotEqualTo(first);

    redrive.control(ID, EffectEntry.called(first, 1, WORKED));
    assertThat(state()).isEqualTo("CALLBACK_INPROGRESS");
    redrive.work();
    redrive.advance(STEP);
    answers.add(answer(201, "second"));
    finish();

    assertThat(response().body().text()).isEqualTo("second");
    assertThat(open()).isEmpty();
  }

  @Test
  void aLetterThatIsGoneTakesItsCallbackWithIt() {
    fail();
    redrive.command("{\"type\":\"discard\",\"letter_ids\":[\"" + ID + "\"]}");
    assertThat(open()).isEmpty();
    finish();
    assertThat(called).isEmpty();

    fail();
    redrive.advance(STEP);
    redrive.outcome("{\"letter_id\":\"" + ID + "\",\"outcome\":\"succeeded\"}");
    finish();
    assertThat(redrive.letter(ID)).isEmpty();
    assertThat(open()).isEmpty();
  }

  @Test
  void replaysAndOutcomesLeaveItAlone() {
    fail();
    assertThat(redrive.replay(ID).accepted()).isTrue();
    answers.add(WORKED);
    finish();

    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
    assertThat(redrive.letter(ID).orElseThrow().head().status().name()).isEqualTo("RETRYING");
    redrive.outcome("{\"letter_id\":\"" + ID + "\",\"outcome\":\"failed\"}");
    finish();
    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
    assertThat(called).hasSize(1);
    assertThat(response().body().text()).isEqualTo("fine");
  }

  @Test
  void aRunStillTakesALetterWhoseCallbackEndedSinceItBegan() {
    fail();
    long before = redrive.letter(ID).orElseThrow().head().change();
    answers.add(WORKED);
    finish();

    assertThat(redrive.letter(ID).orElseThrow().head().change()).isEqualTo(before);
  }

  @Test
  void whoTakesOverCallsWhatIsOpenAndWaitsWhereThatWaits() {
    fail();
    redrive.advance(STEP);
    redrive.forgetWork();
    takeOver();
    answers.add(BROKEN);
    finish();
    assertThat(called).hasSize(1);

    takeOver();
    finish();
    assertThat(called).as("it pauses").hasSize(1);
    answers.add(WORKED);
    redrive.advance(Duration.ofSeconds(13));
    finish();
    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
  }

  @Test
  void aCallThatNobodyTellsOfIsMadeAgainAtItsDeadline() {
    fail();
    redrive.advance(STEP);
    redrive.forgetWork();
    redrive.advance(Duration.ofMinutes(6));
    redrive.advance(Duration.ofSeconds(13));
    answers.add(WORKED);
    finish();

    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
  }

  @Test
  void oneThatFindsNoRoomIsCalledLaterAndThatCountsForNothing() {
    redrive.callsToRefuse = 3_700;
    answers.add(WORKED);
    fail();
    IntStream.range(0, 37).forEach(i -> redrive.advance(Duration.ofSeconds(10)));
    assertThat(called).isEmpty();
    redrive.callsToRefuse = 0;
    finish();

    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
  }

  @Test
  void whatTheProducerSaysOfItStands() {
    fail("CALLBACK_FAIL");
    finish();
    assertThat(called).isEmpty();
    assertThat(state()).isEqualTo("CALLBACK_FAIL");

    answers.add(WORKED);
    assertThat(rerun().accepted()).isTrue();
    finish();
    assertThat(state()).isEqualTo("CALLBACK_SUCCESS");
  }

  @Test
  void withoutAllowedHostsNothingIsCalled() {
    redrive.close();
    begin(new TopologyFixture(directory, Map.of()));
    fail();
    finish();
    assertThat(called).isEmpty();
    assertThat(state()).isNull();
    fail("CALLBACK_FAIL");
    assertThat(rerun().refusal().code()).isEqualTo(Code.UNSUPPORTED);
    fail("CALLBACK_INPROGRESS");
    assertThat(open()).isEmpty();
    assertThat(cancel().accepted()).isTrue();
    assertThat(state()).isEqualTo("CALLBACK_CANCELED");
  }

  private void takeOver() {
    List<KeyValue<Bytes, byte[]>> rows = redrive.rows();
    java.time.Instant now = redrive.now();
    redrive.close();
    begin(new TopologyFixture(directory, ON, rows, now));
  }

  /** Lets the clock go on a little and the work be done. */
  private void finish() {
    for (int i = 0; i < 4; i++) {
      redrive.advance(STEP);
      redrive.work();
    }
  }

  private void fail() {
    fail(null);
  }

  private void fail(String state) {
    String told = state == null ? "" : ",\"callback_state\":\"" + state + "\"";
    String json =
        """
        {"pipeline_id":"hooks","record_id":"r-1","error":{"code":"500","message":"no"},
         "payload":{"a":1},
         "http":{"url":"https://a.example/w","failure_callback":"https://a.example/failed"%s}}"""
            .formatted(told);
    redrive.failRaw(utf8("k"), utf8(json), headers(Map.of("redrive-envelope", "1")));
  }

  private Answer rerun() {
    return callback(ID, "rerun");
  }

  private Answer cancel() {
    return callback(ID, "cancel");
  }

  private Answer callback(LetterId id, String action) {
    return redrive.command(
        "{\"type\":\"callback\",\"action\":\"" + action + "\",\"letter_ids\":[\"" + id + "\"]}");
  }

  /** The first callback's, which is closed. */
  private EffectId begunFirst() {
    assertThat(open()).isEmpty();
    return EffectId.callback(
        ID, Long.parseLong(called.get(0).substring(called.get(0).indexOf('.') + 1)));
  }

  /** As metrics have it. */
  private int waiting() {
    return redrive.query(new CensusQuery()).callbacks();
  }

  private List<Effect> open() {
    List<Effect> open = new ArrayList<>();
    for (KeyValue<Bytes, byte[]> row : redrive.rows()) {
      if (row.key.get()[0] == RowKey.EFFECT) {
        open.add(Effect.decode(row.value));
      }
    }
    return open;
  }

  private String state() {
    return redrive.letter(ID).orElseThrow().head().facts().http().callbackState();
  }

  private Response response() {
    return redrive.letter(ID).orElseThrow().detail().http().failureCallbackResponse();
  }

  private static CallbackReply answer(int status, String body) {
    return CallbackReply.answered(status, List.of(Map.entry("Via", "x")), utf8(body), false);
  }
}
