// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.command.Answer;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerJsonTest {
  private static final LetterId LETTER = LetterId.of("orders", "1");

  @Test
  void whatIsWrittenIsRead() {
    for (long seed = 0; seed < 3_000; seed++) {
      Answer answer = new Samples(seed).answer();
      assertThat(AnswerJson.read(AnswerJson.write(answer))).as("seed %d", seed).contains(answer);
    }
  }

  @Test
  void acceptedAnswerHasNoFieldThatSaysNothing() {
    Answer answer = new Answer("c1", "r1", null, false, LETTER, "run_1", new Answer.Seen(3, 1_700));

    assertThat(AnswerJson.write(answer))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"command_id\":\"c1\",\"request_id\":\"r1\",\"status\":\"accepted\","
                + "\"duplicate\":false,\"letter_id\":\""
                + LETTER
                + "\",\"run_id\":\"run_1\",\"partition\":3,\"change\":1700}");
  }

  @Test
  void rejectedAnswerSaysWhy() {
    Answer answer =
        new Answer(
            "c1",
            "r2",
            new Refusal(Refusal.Code.UNKNOWN_LETTER, "there is no letter"),
            true,
            null,
            null,
            null);

    assertThat(AnswerJson.write(answer))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(
            "{\"command_id\":\"c1\",\"request_id\":\"r2\",\"status\":\"rejected\","
                + "\"duplicate\":true,\"reason\":{\"code\":\"unknown_letter\","
                + "\"message\":\"there is no letter\"}}");
  }

  @Test
  void answerOfNewerRedriveIsUnderstoodAsFarAsItCan() {
    byte[] newer =
        """
        {"command_id": "c1", "request_id": "r1", "status": "rejected", "colour": {"red": 1},
         "reason": {"code": "moon_phase", "message": "wait for the new moon"}}
        """
            .getBytes(StandardCharsets.UTF_8);

    assertThat(AnswerJson.read(newer))
        .contains(
            new Answer(
                "c1",
                "r1",
                new Refusal(Refusal.Code.INVALID, "wait for the new moon"),
                false,
                null,
                null,
                null));
  }

  @Test
  void anyBytesAreReadOrNone() {
    Samples dice = new Samples(5);
    assertThat(AnswerJson.read(null)).isEmpty();
    for (long seed = 0; seed < 3_000; seed++) {
      assertThat(AnswerJson.read(dice.garbage(60))).isEmpty();
      assertThat(AnswerJson.read(dice.damaged(AnswerJson.write(new Samples(seed).answer()))))
          .isNotNull();
    }
  }
}
