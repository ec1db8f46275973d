// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.command.Answer;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.PlanCell;
import dev.redrive.run.Run;
import dev.redrive.run.RunState;
import dev.redrive.run.Sums;
import dev.redrive.topology.topics.RetryTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs through the whole graph: what is frozen, sent, skipped, counted and told. */
class RunsTest {
  private static final Duration STEP = Duration.ofMillis(100);

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
  void runReplaysAllThatFitsAndEndsWhenAllOutcomesAreKnown() {
    List<LetterId> letters = fail("billing", 5);
    fail("shipping", 2);
    redrive.events();

    String id = started("{'type':'replay','filter':{'pipeline_id':'billing'},'note':'fixed'}");
    steps(5);

    List<TestRecord<byte[], byte[]>> sent = redrive.sent(RETRY);
    assertThat(sent).hasSize(5).allMatch(record -> header(record, "redrive-run-id").equals(id));
    assertThat(sent).allMatch(record -> header(record, "redrive-note").equals("fixed"));
    assertThat(run(id).state()).isEqualTo(new RunState.Running());
    assertThat(run(id).sums().outstanding()).isEqualTo(5);

    for (LetterId letter : letters.subList(0, 4)) {
      outcome(letter, "succeeded");
    }
    outcome(letters.get(4), "failed");
    steps(2);

    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    Sums sums = run(id).sums();
    assertThat(List.of(sums.matched(), sums.replayed(), sums.succeeded(), sums.failed()))
        .containsExactly(5L, 5L, 4L, 1L);
    assertThat(sums.left()).isZero();
    assertThat(line(id, letters.get(4)).outcome()).isEqualTo(LetterOutcome.FAILED);
    assertThat(redrive.letters()).hasSize(3);
    assertThat(redrive.standingRuns).containsExactly(id);
    assertThat(redrive.events())
        .containsSubsequence(
            "command.accepted",
            "run.selected",
            "run.started",
            "letter.replayed",
            "letter.succeeded",
            "run.completed");
  }

  @Test
  void runEndsThoughLettersGoOnArrivingBehindIts() {
    List<LetterId> letters = fail("billing", 3);
    String id =
        started("{'type':'replay','filter':{'pipeline_id':'billing'},'options':{'rate':10}}");
    for (int i = 0; i < 60; i++) {
      redrive.fail("billing", "later-" + i);
      steps(1);
    }
    letters.forEach(letter -> outcome(letter, "succeeded"));
    steps(3);

    assertThat(run(id).sums().replayed()).isEqualTo(3);
    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
  }

  @Test
  void runEndsThoughAllItsLettersWaitedForTheirTopic() {
    List<LetterId> letters = fail("billing", 3);
    redrive.lookUpsToCome = 12;
    String id =
        started("{'type':'replay','filter':{'pipeline_id':'billing'},'options':{'rate':10}}");
    steps(60);
    letters.forEach(letter -> outcome(letter, "succeeded"));
    steps(3);

    assertThat(redrive.lookUpsToCome).isZero();
    assertThat(run(id).sums().replayed()).isEqualTo(3);
    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
  }

  @Test
  void silenceEndsRunToo() {
    List<LetterId> letters = fail("billing", 3);
    String id = started("{'type':'replay','filter':{'pipeline_id':'billing'}}");
    steps(4);

    redrive.advance(Duration.ofMinutes(16));
    steps(3);

    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    assertThat(run(id).sums().unconfirmed()).isEqualTo(3);

    // Late news is counted and reopens nothing.
    outcome(letters.get(0), "succeeded");
    steps(2);
    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    assertThat(run(id).sums().unconfirmed()).isEqualTo(2);
    assertThat(run(id).sums().succeeded()).isEqualTo(1);
  }

  @Test
  void whatFailsAfterTheSelectionIsNotInTheSet() {
    fail("billing", 3);
    String id =
        started("{'type':'replay','filter':{'pipeline_id':'billing'},'options':{'rate':1}}");
    LetterId later = redrive.fail("billing", "later");
    LetterId changed = redrive.fail("billing", "r-2");

    redrive.advance(Duration.ofSeconds(1));
    steps(60);

    assertThat(redrive.letter(later).orElseThrow().head().status()).isEqualTo(Status.PENDING);
    assertThat(redrive.letter(changed).orElseThrow().head().status()).isEqualTo(Status.PENDING);
    Sums sums = run(id).sums();
    assertThat(sums.replayed()).isEqualTo(2);
    assertThat(sums.matched()).isEqualTo(2 + sums.skipped().getOrDefault(Sums.CHANGED, 0L));
  }

  @Test
  void letterThatChangesBetweenCountAndTurnIsSkippedAndCounted() {
    fail("billing", 3);
    String id =
        started("{'type':'replay','filter':{'pipeline_id':'billing'},'options':{'rate':1}}");
    steps(3);
    assertThat(run(id).state()).isEqualTo(new RunState.Running());
    redrive.fail("billing", "r-2");

    steps(50);

    Sums sums = run(id).sums();
    assertThat(sums.replayed()).isEqualTo(2);
    assertThat(sums.skipped()).isEqualTo(Map.of(Sums.CHANGED, 1L));
    assertThat(sums.left()).isZero();
  }

  @Test
  void letterIsNeverInTwoRuns() {
    List<LetterId> letters = fail("billing", 4);
    redrive.replay(letters.get(0));
    String first =
        started("{'type':'replay','filter':{'pipeline_id':'billing','record_id':['r-1','r-2']}}");
    steps(4);
    String second = started("{'type':'replay','all':true}");
    steps(4);

    assertThat(redrive.sent(RETRY)).hasSize(4);
    assertThat(run(first).sums().replayed()).isEqualTo(2);
    assertThat(run(second).sums().replayed()).isEqualTo(1);
    assertThat(run(second).sums().skipped()).isEqualTo(Map.of(Sums.IN_OTHER_RUN, 3L));
  }

  @Test
  void unknownIdsAreCountedAndNamedAndTheRestGoesOn() {
    List<LetterId> letters = fail("billing", 2);
    LetterId unknown = LetterId.of("billing", "never");

    String id =
        started(
            "{'type':'replay','letter_ids':['%s','%s','%s']}"
                .formatted(letters.get(0), unknown, letters.get(1)));
    steps(4);

    assertThat(redrive.sent(RETRY)).hasSize(2);
    assertThat(run(id).sums().skipped()).isEqualTo(Map.of(Sums.UNKNOWN, 1L));
    assertThat(line(id, unknown).reason()).isEqualTo(Sums.UNKNOWN);
  }

  @Test
  void runOfNothingIsCompletedAtOnce() {
    String id = started("{'type':'replay','filter':{'pipeline_id':'nobody'}}");
    steps(2);

    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    assertThat(run(id).sums()).isEqualTo(Sums.NONE);
  }

  @Test
  void pipelineHasOneSlotAndItIsFreeAgainAfterCompletionOrCancel() {
    List<LetterId> letters = fail("billing", 1);
    String process = "{'type':'replay','filter':{'pipeline_id':'billing'}}";
    String first = started(process);
    steps(3);

    Answer second = command(process);
    assertThat(second.refusal().code()).isEqualTo(Code.RUN_IN_PROGRESS);
    assertThat(second.runId()).isEqualTo(first);
    // What takes no slot does not respect it either.
    assertThat(command("{'type':'replay','all':true}").accepted()).isTrue();
    assertThat(command(process.replace("billing", "shipping")).accepted()).isTrue();

    outcome(letters.get(0), "succeeded");
    steps(2);
    String third = started(process);
    assertThat(third).isNotEqualTo(first);
    assertThat(command(process).runId()).isEqualTo(third);
  }

  @Test
  void cancelFreesTheSlotAtOnceAndSendsNothingMore() {
    fail("billing", 50);
    String process = "{'type':'replay','filter':{'pipeline_id':'billing'},'options':{'rate':10}}";
    String id = started(process);
    steps(10);
    int sent = redrive.sent(RETRY).size();
    assertThat(sent).isBetween(1, 20);

    assertThat(command("{'type':'cancel','run_id':'" + id + "'}").accepted()).isTrue();
    steps(20);

    assertThat(redrive.sent(RETRY)).isEmpty();
    assertThat(run(id).state()).isEqualTo(new RunState.Cancelled());
    assertThat(run(id).sums().replayed()).isEqualTo(sent);
    assertThat(run(id).sums().skipped()).isEqualTo(Map.of(Sums.CANCELLED, 50L - sent));
    assertThat(command(process).accepted()).isTrue();
    assertThat(command("{'type':'cancel','run_id':'" + id + "'}").accepted()).isTrue();
    assertThat(command("{'type':'resume','run_id':'" + id + "'}").refusal().code())
        .isEqualTo(Code.RUN_NOT_HALTED);
  }

  @Test
  void runThatIsNotThereCanNotBeCancelled() {
    assertThat(command("{'type':'cancel','run_id':'run_1'}").refusal().code())
        .isEqualTo(Code.UNKNOWN_RUN);
  }

  @Test
  void canaryThatFailsHaltsTheRunAfterItsFew() {
    fail("billing", 40);
    String id =
        started(
            "{'type':'replay','filter':{'pipeline_id':'billing'},"
                + "'options':{'canary':{'size':3,'wait':'1m','min_success':2}}}");
    steps(10);
    List<LetterId> letters = sentLetters();
    assertThat(letters).hasSize(3);
    assertThat(run(id).state().word()).isEqualTo("canary");

    outcome(letters.get(0), "failed");
    steps(3);
    assertThat(run(id).state().word()).isEqualTo("canary");
    outcome(letters.get(1), "failed");
    steps(10);

    assertThat(redrive.sent(RETRY)).isEmpty();
    assertThat(run(id).state().word()).isEqualTo("halted");
    assertThat(((RunState.Halted) run(id).state()).reason()).contains("0 succeeded");

    assertThat(command("{'type':'resume','run_id':'" + id + "'}").accepted()).isTrue();
    steps(5);
    assertThat(redrive.sent(RETRY)).hasSize(37);
  }

  @Test
  void canaryThatSucceedsLetsTheOthersGo() {
    fail("billing", 10);
    String id =
        started("{'type':'replay','all':true,'options':{'canary':{'size':2,'min_success':1}}}");
    steps(5);
    List<LetterId> letters = sentLetters();
    assertThat(letters).hasSize(2);

    outcome(letters.get(0), "succeeded");
    steps(5);

    assertThat(redrive.sent(RETRY)).hasSize(8);
    assertThat(run(id).state().word()).isEqualTo("running");
  }

  @Test
  void canaryThatHearsNothingHalts() {
    fail("billing", 10);
    String id =
        started("{'type':'replay','all':true,'options':{'canary':{'size':2,'wait':'10s'}}}");
    steps(10);
    assertThat(run(id).state().word()).isEqualTo("canary");

    redrive.advance(Duration.ofSeconds(11));
    steps(2);

    assertThat(run(id).state().word()).isEqualTo("halted");
    assertThat(redrive.sent(RETRY)).hasSize(2);
  }

  @Test
  void runHaltsInTheMiddleWhenTooManyFail() {
    List<LetterId> letters = fail("billing", 100);
    String id =
        started(
            "{'type':'replay','all':true,"
                + "'options':{'max_in_flight':10,'failure_limit':{'share':0.5,'window':10}}}");
    steps(5);
    for (LetterId letter : sentLetters()) {
      outcome(letter, "failed");
    }
    steps(10);

    assertThat(run(id).state().word()).isEqualTo("halted");
    assertThat(run(id).sums().replayed()).isLessThan(letters.size());
  }

  @Test
  void inFlightStaysAtItsLimit() {
    fail("billing", 30);
    String id = started("{'type':'replay','all':true,'options':{'max_in_flight':4}}");
    steps(20);
    int all = 0;
    for (List<LetterId> sent = sentLetters(); !sent.isEmpty(); sent = sentLetters()) {
      assertThat(sent).hasSizeLessThanOrEqualTo(4);
      all += sent.size();
      sent.forEach(letter -> outcome(letter, "succeeded"));
      steps(5);
    }
    assertThat(all).isEqualTo(30);
    assertThat(run(id).state().word()).isEqualTo("completed");
  }

  @Test
  void dryRunSaysWhatWouldBeDoneAndDoesNothing() {
    fail("billing", 3);
    redrive.fail("orders", "o-1", "redrive-envelope-x", "1");
    redrive.targets.put(RETRY, new RetryTarget.Missing());
    redrive.lookUpsToCome = 2;
    redrive.sent("redrive-results");

    String id = started("{'type':'replay','all':true,'options':{'dry_run':true}}");
    steps(5);

    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    assertThat(run(id).plan())
        .isEqualTo(
            Map.of(
                new PlanCell("billing", "source_timeout", RETRY, "target_missing"),
                3L,
                new PlanCell("orders", "source_timeout", RETRY, "target_missing"),
                1L));
    assertThat(redrive.letters()).allMatch(letter -> letter.head().status() == Status.PENDING);
    assertThat(redrive.sent(RETRY)).isEmpty();
    List<TestRecord<byte[], byte[]>> results = redrive.sent("redrive-results");
    assertThat(new String(results.get(results.size() - 1).value(), StandardCharsets.UTF_8))
        .contains("\"status\":\"selected\"", "\"matched\":4", "\"refusal\":\"target_missing\"");
  }

  @Test
  void discardOfManyIsRunAsWell() {
    fail("billing", 250);
    LetterId out = redrive.fail("billing", "out");
    redrive.replay(out);

    String id = started("{'type':'discard','filter':{'pipeline_id':'billing'}}");
    steps(12);

    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    assertThat(run(id).sums().discarded()).isEqualTo(250);
    assertThat(run(id).sums().skipped()).isEqualTo(Map.of(Sums.IN_OTHER_RUN, 1L));
    assertThat(redrive.letters()).hasSize(1);
  }

  @Test
  void refusedLettersAreCountedWithTheirReason() {
    fail("billing", 3);
    redrive.targets.put(RETRY, new RetryTarget.NotWritable());

    String id = started("{'type':'replay','all':true}");
    steps(4);

    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    assertThat(run(id).sums().skipped()).isEqualTo(Map.of("target_not_writable", 3L));
    assertThat(redrive.letters()).allMatch(letter -> letter.head().status() == Status.PENDING);
  }

  @Test
  void letterWhoseTopicIsLookedUpIsPutOffAndTheOthersGoOn() {
    fail("billing", 5);
    redrive.lookUpsToCome = 3;

    String id = started("{'type':'replay','all':true}");
    steps(6);

    assertThat(run(id).sums().replayed()).isEqualTo(5);
  }

  @Test
  void topicThatIsNeverLookedUpEndsInRefusals() {
    fail("billing", 5);
    redrive.lookUpsToCome = Integer.MAX_VALUE;

    String id = started("{'type':'replay','all':true}");
    steps(20);
    assertThat(run(id).state().word()).isEqualTo("running");
    redrive.advance(Duration.ofSeconds(11));
    steps(3);

    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
    assertThat(run(id).sums().skipped()).isEqualTo(Map.of("target_unknown", 5L));
  }

  @Test
  void manyRunsShareTheStepsAndEachEnds() {
    for (int pipeline = 0; pipeline < 12; pipeline++) {
      fail("p" + pipeline, 120);
    }
    List<String> runs = new ArrayList<>();
    for (int pipeline = 0; pipeline < 12; pipeline++) {
      String priority = List.of("low", "normal", "high").get(pipeline % 3);
      runs.add(
          started(
              "{'type':'replay','filter':{'pipeline_id':'p%d'},'options':{'priority':'%s'}}"
                  .formatted(pipeline, priority)));
    }
    // A step ends by what the thread computes, which is more on a cold JVM.
    steps(60);

    assertThat(redrive.sent(RETRY)).hasSize(12 * 120);
    for (String run : runs) {
      assertThat(run(run).sums().replayed()).isEqualTo(120);
      assertThat(run(run).sums().left()).isZero();
    }
  }

  @Test
  void higherPriorityGoesFirst() {
    for (String priority : List.of("low", "normal", "high")) {
      fail(priority, 30);
    }
    for (String priority : List.of("low", "normal", "high")) {
      started(
          "{'type':'replay','filter':{'pipeline_id':'%s'},'options':{'priority':'%s'}}"
              .formatted(priority, priority));
    }
    steps(30);

    List<String> sent =
        redrive.sent(RETRY).stream().map(each -> header(each, "redrive-pipeline-id")).toList();
    assertThat(sent).hasSize(90);
    assertThat(sent.subList(0, 30)).containsOnly("high");
    assertThat(sent.subList(30, 60)).containsOnly("normal");
  }

  @Test
  void ceilingOfThePipelineHoldsAndTellsWhenAllWillBeSent() {
    redrive.close();
    redrive =
        new TopologyFixture(
            directory.resolve("next"),
            Map.of("pipelines[0].id", "billing", "pipelines[0].max-replays-per-second", "10"));
    fail("billing", 120);
    String id =
        started("{'type':'replay','filter':{'pipeline_id':'billing'},'options':{'rate':500}}");
    steps(80);

    assertThat(redrive.sent(RETRY)).hasSizeBetween(70, 84);
    assertThat(run(id).spec().rate()).isEqualTo(10);
    assertThat(run(id).pace()).isBetween(9.0, 11.0);
    long now = redrive.now().toEpochMilli();
    assertThat(run(id).sentBy(now).orElseThrow()).isBetween(now + 3_000, now + 6_000);
  }

  @Test
  void orderIsByTimeOfFailureEitherWay() {
    for (int i = 0; i < 3; i++) {
      redrive.fail("billing", "r-" + i, "redrive-failed-at", "2026-03-01T09:0" + i + ":00Z");
    }
    String id = started("{'type':'replay','all':true,'options':{'order':'newest'}}");
    steps(4);

    assertThat(redrive.sent(RETRY))
        .extracting(record -> header(record, "redrive-record-id"))
        .containsExactly("r-2", "r-1", "r-0");
    assertThat(run(id).sums().replayed()).isEqualTo(3);
  }

  @Test
  void taskThatTakesOverGoesOnWhereTheOtherWas() {
    List<LetterId> letters = fail("billing", 60);
    String id =
        started("{'type':'replay','filter':{'pipeline_id':'billing'},'options':{'rate':20}}");
    steps(15);
    int before = redrive.sent(RETRY).size();
    assertThat(before).isBetween(5, 40);
    List<KeyValue<Bytes, byte[]>> rows = redrive.rows();
    redrive.close();

    redrive = new TopologyFixture(directory, Map.of(), rows);
    steps(60);

    assertThat(redrive.sent(RETRY)).hasSize(60 - before);
    assertThat(run(id).sums().replayed()).isEqualTo(60);
    letters.forEach(letter -> outcome(letter, "succeeded"));
    steps(3);
    assertThat(run(id).state()).isEqualTo(new RunState.Completed());
  }

  @Test
  void letterWhoseOriginalHasToBeReadIsPutOffAndTheOthersGoOn() {
    fail("billing", 3);
    LetterId pointer = manual("orders-eu-3-17");
    String id = started("{'type':'replay','all':true}");
    steps(5);

    assertThat(run(id).sums().replayed()).isEqualTo(3);
    redrive.work();
    steps(3);
    assertThat(run(id).sums().replayed()).isEqualTo(4);
    assertThat(redrive.letter(pointer).orElseThrow().head().status()).isEqualTo(Status.RETRYING);
  }

  @Test
  void repeatedCommandStartsNoSecondRun() {
    fail("billing", 1);
    String json = "{'type':'replay','all':true,'command_id':'c-1'}";
    String id = started(json);
    Answer again = command(json);

    assertThat(again.duplicate()).isTrue();
    assertThat(again.runId()).isEqualTo(id);
    steps(5);
    assertThat(redrive.sent(RETRY)).hasSize(1);
  }

  @Test
  void endedRunsAreForgottenAfterTheirTime() {
    fail("billing", 3);
    String id = started("{'type':'discard','all':true}");
    steps(4);
    assertThat(rows().line(id, LetterId.of("billing", "r-0"))).isNotNull();

    redrive.advance(Duration.ofDays(31));
    steps(3);

    assertThat(rows().run(id)).isEmpty();
    assertThat(rows().shares()).isEmpty();
    assertThat(rows().line(id, LetterId.of("billing", "r-0"))).isNull();
  }

  private List<LetterId> fail(String pipeline, int count) {
    List<LetterId> letters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      letters.add(redrive.fail(pipeline, "r-" + i));
    }
    return letters;
  }

  private LetterId manual(String record) {
    assertThat(
            command("{'type':'add','pipeline_id':'docs','record_ids':['" + record + "']}")
                .accepted())
        .isTrue();
    return LetterId.of("docs", record);
  }

  private List<LetterId> sentLetters() {
    return redrive.sent(RETRY).stream()
        .map(record -> LetterId.parse(header(record, "redrive-letter-id")).orElseThrow())
        .toList();
  }

  private void outcome(LetterId letter, String word) {
    redrive.outcome("{\"letter_id\":\"" + letter + "\",\"outcome\":\"" + word + "\"}");
  }

  private Answer command(String json) {
    return redrive.command(json.replace('\'', '"'));
  }

  private String started(String json) {
    Answer answer = command(json);
    assertThat(answer.refusal()).isNull();
    return answer.runId();
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      redrive.advance(STEP);
    }
  }

  private RunRows rows() {
    return new RunRows(redrive.store());
  }

  private Run run(String id) {
    return rows().run(id).orElseThrow();
  }

  private JournalLine line(String id, LetterId letter) {
    return rows().line(id, letter);
  }
}
