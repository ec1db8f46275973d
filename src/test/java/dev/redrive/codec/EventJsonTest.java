// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.EventJson.Cause;
import dev.redrive.codec.EventJson.Event;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventJsonTest {
  private static final long NOON = 1_767_268_800_000L;
  private static final LetterId LETTER = LetterId.of("orders", "orders-3-1077245");

  private final EventJson events = new EventJson("redrive");

  @Test
  void arrivalTellsWhatItIsAndWhereItLies() {
    Event event = events.letter(LetterEvent.FAILED, LETTER, failed(), Cause.UNKNOWN, 17, NOON);

    assertThat(event.key()).isEqualTo(LETTER.toString());
    assertThat(event.value().text())
        .isEqualTo(
            """
            {"letter_id":"%s","pipeline_id":"orders","record_id":"orders-3-1077245",\
            "error_code":"db_down","group_id":"g1",\
            "dead_letter":{"topic":"redrive-errors","partition":3,"offset":99},\
            "status":"pending","attempt_count":1}"""
                .formatted(LETTER));
  }

  @Test
  void headersAreCloudEventsInBinaryMode() {
    Event event = events.letter(LetterEvent.FAILED, LETTER, failed(), Cause.UNKNOWN, 17, NOON);

    assertThat(attributes(event))
        .isEqualTo(
            Map.of(
                "ce_specversion", "1.0",
                "ce_type", "dev.redrive.letter.failed.v1",
                "ce_source", "/redrive/redrive",
                "ce_id", LETTER + ".17",
                "ce_time", "2026-01-01T12:00:00.000Z",
                "ce_subject", LETTER.toString(),
                "content-type", "application/json"));
  }

  @Test
  void timesFollowEachOtherHoweverTheyComeAndKeepTheirMilliseconds() {
    for (long at : new long[] {0, NOON, NOON, NOON + 7, NOON, 0}) {
      Event event = events.letter(LetterEvent.FAILED, LETTER, null, Cause.UNKNOWN, 1, at);
      String time = attributes(event).get("ce_time");
      assertThat(Instant.parse(time).toEpochMilli()).isEqualTo(at);
      assertThat(time).matches(".*\\.\\d{3}Z");
    }
  }

  @Test
  void replayTellsWhoAskedAndWhereItWent() {
    Command.Meta meta = new Command.Meta("c1", "r1", "ada", "fixed", null);

    Event event =
        events.letter(LetterEvent.REPLAYED, LETTER, replayed(), Cause.of(meta, "run_1"), 18, NOON);

    assertThat(event.value().text())
        .contains("\"status\":\"retrying\",\"attempt_count\":1,\"attempt\":1")
        .contains("\"target\":\"orders-retry\"")
        .contains("\"run_id\":\"run_1\",\"requested_by\":\"ada\",\"note\":\"fixed\"");
  }

  @Test
  void letterThatIsGoneHasNoStatusButStillItsRun() {
    Event event = events.letter(LetterEvent.SUCCEEDED, LETTER, replayed(), Cause.UNKNOWN, 19, NOON);

    assertThat(event.value().text()).doesNotContain("status").contains("\"run_id\":\"run_1\"");
  }

  @Test
  void reasonOfStateIsToldUnlessThereIsABetterOne() {
    Step.Write notSent =
        (Step.Write) Transitions.notSent(LETTER, failed(), "orders-retry does not exist", NOON);
    Cause better = new Cause(null, null, null, "timed out", false);

    assertThat(
            events
                .letter(LetterEvent.NOT_SENT, LETTER, notSent.head(), Cause.UNKNOWN, 1, NOON)
                .value()
                .text())
        .contains("\"reason\":\"orders-retry does not exist\"");
    assertThat(
            events
                .letter(LetterEvent.NOT_SENT, LETTER, notSent.head(), better, 1, NOON)
                .value()
                .text())
        .contains("\"reason\":\"timed out\"");
  }

  @Test
  void newsOfUnknownLetterTellsItsIdAndWhy() {
    Event event =
        events.letter(
            LetterEvent.UNKNOWN,
            LETTER,
            null,
            new Cause("run_9", null, null, "gone", false),
            5,
            NOON);

    assertThat(event.value().text())
        .isEqualTo("{\"letter_id\":\"" + LETTER + "\",\"run_id\":\"run_9\",\"reason\":\"gone\"}");
  }

  @Test
  void acceptedCommandTellsWhatWasAsked() {
    LetterCommand command =
        new LetterCommand(
            LetterCommand.Type.DISCARD,
            new Command.Meta("c1", "r1", "ada", "a test", null),
            LETTER,
            null,
            null);

    Event event =
        events.answered(
            new Answer("c1", "r1", null, false, LETTER, null, null), command, null, NOON);

    assertThat(event.key()).isEqualTo("c1");
    assertThat(attributes(event))
        .containsEntry("ce_type", "dev.redrive.command.accepted.v1")
        .containsEntry("ce_subject", "c1")
        .containsEntry("ce_id", "c1.r1");
    assertThat(event.value().text())
        .isEqualTo(
            "{\"command_id\":\"c1\",\"request_id\":\"r1\",\"duplicate\":false,\"type\":\"discard\","
                + "\"requested_by\":\"ada\",\"note\":\"a test\",\"letter_id\":\""
                + LETTER
                + "\"}");
  }

  @Test
  void rejectedCommandThatCouldNotBeReadTellsWhy() {
    Refusal refusal = new Refusal(Refusal.Code.INVALID, "it is not JSON");

    Event event =
        events.answered(
            new Answer("t-0-1", "t-0-1", refusal, false, null, null, null), null, null, NOON);

    assertThat(attributes(event))
        .containsEntry("ce_type", "dev.redrive.command.rejected.v1")
        .containsEntry("ce_id", "t-0-1");
    assertThat(event.value().text())
        .isEqualTo(
            "{\"command_id\":\"t-0-1\",\"request_id\":\"t-0-1\",\"duplicate\":false,"
                + "\"reason\":{\"code\":\"invalid\",\"message\":\"it is not JSON\"}}");
  }

  @Test
  void unreadableOutcomeAndLostRecordsTellWhere() {
    Coordinates where = new Coordinates("redrive-outcomes", 2, 40);

    Event unreadable = events.outcomeUnreadable(where, "it is not JSON", NOON);
    Event reset = events.offsetsReset(where, 55, NOON);

    assertThat(attributes(unreadable))
        .containsEntry("ce_type", "dev.redrive.outcome.unreadable.v1")
        .containsEntry("ce_id", "redrive-outcomes-2-40");
    assertThat(unreadable.value().text())
        .isEqualTo(
            "{\"source\":{\"topic\":\"redrive-outcomes\",\"partition\":2,\"offset\":40},"
                + "\"reason\":\"it is not JSON\"}");
    assertThat(attributes(reset)).containsEntry("ce_type", "dev.redrive.offsets.reset.v1");
    assertThat(reset.value().text())
        .isEqualTo(
            "{\"topic\":\"redrive-outcomes\",\"partition\":2,\"wanted_offset\":40,"
                + "\"found_offset\":55}");
  }

  @Test
  void everyKindOfEventHasItsOwnType() {
    Set<String> types = new HashSet<>();
    for (LetterEvent event : LetterEvent.values()) {
      types.add(
          attributes(events.letter(event, LETTER, null, Cause.UNKNOWN, 1, NOON)).get("ce_type"));
    }

    assertThat(types)
        .hasSize(LetterEvent.values().length)
        .allMatch(type -> type.matches("dev\\.redrive\\.letter\\.[a-z_]+\\.v1"));
  }

  @Test
  void oneEventLeavesNothingForTheNext() {
    Event first = events.letter(LetterEvent.FAILED, LETTER, failed(), Cause.UNKNOWN, 1, NOON);
    events.letter(LetterEvent.REPLAYED, LETTER, replayed(), Cause.UNKNOWN, 2, NOON);
    Event again = events.letter(LetterEvent.FAILED, LETTER, failed(), Cause.UNKNOWN, 1, NOON);

    assertThat(again).isEqualTo(first);
  }

  @Test
  void halfOfSurrogatePairInAnIdIsWrittenAllTheSame() {
    Cause cause = new Cause("\ud800", "\udc00", "a\ud800b", null, false);

    Event event = events.letter(LetterEvent.FAILED, LETTER, failed(), cause, 1, NOON);

    assertThat(UTF_8.newEncoder().canEncode(event.value().text())).isTrue();
    assertThat(event.value().text()).contains("\"note\":\"a?b\"");
  }

  private static Map<String, String> attributes(Event event) {
    return event.headers().stream().collect(Collectors.toMap(Header::name, h -> h.value().text()));
  }

  private static LetterHead failed() {
    return Transitions.failed(null, facts(), NOON).head();
  }

  private static LetterHead replayed() {
    Step step = Transitions.replay(LETTER, failed(), "run_1", "orders-retry", NOON, NOON + 60_000);
    LetterHead head = ((Step.Write) step).head();
    assertThat(head.state()).isInstanceOf(Retrying.class);
    return head;
  }

  private static FailureFacts facts() {
    return new FailureFacts(
        "orders",
        "orders-3-1077245",
        Origin.PIPELINE,
        FailureKind.EXCEPTION,
        null,
        "db_down",
        "g1",
        null,
        NOON,
        NOON,
        NOON,
        null,
        List.of(),
        "orders",
        Fidelity.ORIGINAL,
        new DeadLetterPosition(new UUID(1, 2), "redrive-errors", 3, 99, 0, NOON),
        null,
        null);
  }
}
