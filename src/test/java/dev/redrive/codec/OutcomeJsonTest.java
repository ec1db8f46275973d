// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.OutcomeJson.Read;
import dev.redrive.codec.OutcomeJson.Reading;
import dev.redrive.codec.OutcomeJson.Unreadable;
import dev.redrive.command.OutcomeNews;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Outcome;
import dev.redrive.letter.Outcome.Result;
import dev.redrive.letter.RawBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeJsonTest {
  private static final LetterId LETTER = LetterId.of("orders", "orders-3-1077245");

  @Test
  void successByLetterId() {
    assertThat(
            news(
                json(
                    "{'letter_id': 'ID', 'run_id': 'run_1', 'attempt': 2, 'outcome': 'succeeded'}")))
        .isEqualTo(
            new OutcomeNews(
                LETTER, new Outcome(Result.SUCCEEDED, "run_1", 2, FailureError.UNKNOWN)));
  }

  @Test
  void failureByPipelineAndRecordWithItsError() {
    Reading reading =
        json(
            """
            {'pipeline_id': 'orders', 'record_id': 'orders-3-1077245', 'outcome': 'failed',
             'error': {'code': 'db_down', 'message': '', 'class': 'a.B', 'stack_trace': 'at a.B'}}
            """);

    assertThat(news(reading))
        .isEqualTo(
            new OutcomeNews(
                LETTER,
                new Outcome(
                    Result.FAILED,
                    null,
                    null,
                    new FailureError("db_down", "", "a.B", null, "at a.B"))));
  }

  @Test
  void letterIdDecidesWhereOtherIdsDisagree() {
    Reading reading =
        json(
            """
            {'letter_id': 'ID', 'pipeline_id': 'other', 'record_id': '1', 'outcome': 'failed'}
            """);

    assertThat(news(reading).letter()).isEqualTo(LETTER);
  }

  @Test
  void errorOfSuccessIsPassedOver() {
    Reading reading = json("{'letter_id': 'ID', 'outcome': 'succeeded', 'error': {'code': 'old'}}");

    assertThat(news(reading).outcome().error()).isEqualTo(FailureError.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'outcome': 'succeeded'} | names no letter; give letter_id, or pipeline_id and record_id",
        "{'outcome': 'succeeded', 'pipeline_id': 'p'} | names no letter",
        "{'letter_id': 'dlq_0', 'outcome': 'succeeded'} | a letter id that is none: \"dlq_0\"",
        "{'letter_id': 'ID'} | /outcome is missing",
        "{'letter_id': 'ID', 'outcome': 'success'} | /outcome must be one of succeeded, failed",
        "{'letter_id': 'ID', 'outcome': 'failed', 'attempt': 0} | /attempt must be a whole number from 1",
        "{'letter_id': 'ID', 'outcome': 'failed', 'attempt': '1'} | /attempt must be a whole number",
        "{'letter_id': 'ID', 'outcome': 'failed', 'attempt': 1.5} | /attempt must be a whole number",
        "{'letter_id': 'ID', 'outcome': 'failed', 'attempt': 2147483648} | /attempt must be",
        "{'letter_id': 'ID', 'outcome': 'failed', 'atempt': 1} | /atempt is no known field; did you mean attempt?",
        "{'letter_id': 'ID', 'outcome': 'failed', 'outcome': 'failed'} | Duplicate field 'outcome'",
        "{'letter_id': 'ID', 'outcome': 'failed', 'error': 'x'} | /error must be an object, not a text",
        "[] | it must be a JSON object, not an array",
        "ok | it is not JSON",
      })
  void whatIsWrongIsSaidAndWhere(String json, String why) {
    assertThat(why(json(json))).contains(why);
  }

  @Test
  void headersAloneAreEnough() {
    Reading reading =
        OutcomeJson.read(
            null,
            List.of(
                Header.utf8("redrive-letter-id", LETTER.pipelinesText()),
                Header.utf8("redrive-run-id", "run_1"),
                Header.utf8("redrive-attempt", "3"),
                Header.utf8("redrive-outcome", "failed"),
                Header.utf8("redrive-error-code", "db_down"),
                Header.utf8("redrive-error-message", "no connection"),
                Header.utf8("redrive-error-class", "a.B"),
                Header.utf8("redrive-error-stack-trace", "at a.B")));

    assertThat(news(reading))
        .isEqualTo(
            new OutcomeNews(
                LETTER,
                new Outcome(
                    Result.FAILED,
                    "run_1",
                    3,
                    new FailureError("db_down", "no connection", "a.B", null, "at a.B"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "some payload", "{\"outcome\": \"failed\"}", "{\"order\": 17}"})
  void replayedRecordMayBeSentOnWithOneHeaderMore(String payload) {
    Reading reading =
        OutcomeJson.read(
            payload.getBytes(StandardCharsets.UTF_8),
            List.of(
                Header.utf8("trace", "1"),
                Header.utf8("redrive-pipeline-id", "orders"),
                Header.utf8("redrive-record-id", "orders-3-1077245"),
                Header.utf8("redrive-outcome", "succeeded")));

    assertThat(news(reading))
        .isEqualTo(
            new OutcomeNews(
                LETTER, new Outcome(Result.SUCCEEDED, null, null, FailureError.UNKNOWN)));
  }

  @Test
  void lastHeaderOfOneNameCounts() {
    assertThat(news(headers("redrive-outcome", "failed", "redrive-outcome", "succeeded")).outcome())
        .extracting(Outcome::result)
        .isEqualTo(Result.SUCCEEDED);
  }

  @ParameterizedTest
  @CsvSource({
    "redrive-outcome,maybe,redrive-outcome must be one of succeeded",
    "redrive-attempt,first,redrive-attempt must be a whole number",
    "redrive-attempt,-1,redrive-attempt must be a whole number",
    "redrive-letter-id,dlq_nonsense,a letter id that is none",
  })
  void headerThatIsWrongIsNamed(String name, String value, String why) {
    assertThat(why(headers("redrive-outcome", "failed", name, value))).contains(why);
  }

  @Test
  void errorTooLongIsCutAndTheOutcomeStillCounts() {
    Reading reading = headers("redrive-outcome", "failed", "redrive-error-code", "x".repeat(5_000));

    assertThat(news(reading).outcome().error().code()).isEqualTo("x".repeat(200));
  }

  @Test
  void nullOutcomeHeaderIsRefused() {
    Reading reading =
        OutcomeJson.read(
            null,
            List.of(
                Header.utf8("redrive-letter-id", LETTER.toString()),
                new Header("redrive-outcome", null)));

    assertThat(why(reading)).contains("redrive-outcome must be one of");
  }

  @Test
  void anyBytesAreReadOrRefused() {
    Samples dice = new Samples(1);
    assertThat(OutcomeJson.read(null, List.of())).isInstanceOf(Unreadable.class);
    for (int i = 0; i < 3_000; i++) {
      List<Header> headers = new ArrayList<>();
      for (String name :
          List.of("redrive-outcome", "redrive-letter-id", "redrive-attempt", "redrive-record-id")) {
        headers.add(new Header(name, i % 3 == 0 ? null : RawBytes.of(dice.garbage(40))));
      }
      assertThat(OutcomeJson.read(dice.garbage(40), headers)).isInstanceOf(Unreadable.class);
      assertThat(OutcomeJson.read(dice.garbage(40), List.of())).isInstanceOf(Unreadable.class);
    }
  }

  private static Reading headers(String... namesAndValues) {
    List<Header> headers = new ArrayList<>();
    headers.add(Header.utf8("redrive-letter-id", LETTER.toString()));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(Header.utf8(namesAndValues[i], namesAndValues[i + 1]));
    }
    return OutcomeJson.read(null, headers);
  }

  private static Reading json(String text) {
    String json = text.replace('\'', '"').replace("ID", LETTER.toString());
    return OutcomeJson.read(json.getBytes(StandardCharsets.UTF_8), List.of());
  }

  private static OutcomeNews news(Reading reading) {
    assertThat(reading).as("%s", reading).isInstanceOf(Read.class);
    return ((Read) reading).news();
  }

  private static String why(Reading reading) {
    assertThat(reading).as("%s", reading).isInstanceOf(Unreadable.class);
    return ((Unreadable) reading).why();
  }
}
