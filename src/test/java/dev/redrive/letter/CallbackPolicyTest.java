// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallbackPolicyTest {
  private static final LetterId ID = LetterId.of("p", "1");
  private static final CallbackReply BROKEN = answer(500, "no");
  private static final CallbackPolicy POLICY =
      new CallbackPolicy(List.of(Duration.ofSeconds(2), Duration.ofMinutes(1)));

  @Test
  void eachFailedCallHasItsDelayAndTheLastOneIsTheEnd() {
    assertThat(POLICY.again(ID, 1, BROKEN, 1_000).orElseThrow()).isBetween(3_000L, 3_400L);
    assertThat(POLICY.again(ID, 2, BROKEN, 1_000).orElseThrow()).isBetween(61_000L, 73_000L);
    assertThat(POLICY.again(ID, 3, BROKEN, 1_000)).isEmpty();
    assertThat(new CallbackPolicy(List.of()).again(ID, 1, BROKEN, 1_000)).isEmpty();
  }

  @Test
  void lettersThatFailTogetherAreNotCalledAgainTogether() {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      times.add(POLICY.again(LetterId.of("p", "" + i), 2, BROKEN, 0).orElseThrow());
    }

    assertThat(times).doesNotHaveDuplicates();
    assertThat(Collections.max(times) - Collections.min(times)).isGreaterThan(10_000);
  }

  @Test
  void whatIsHopelessIsNotTriedAgain() {
    assertThat(POLICY.again(ID, 1, CallbackReply.refused("no"), 0)).isEmpty();
    assertThat(POLICY.again(ID, 1, CallbackReply.none("down"), 0)).isPresent();
  }

  @Test
  void anAnswerIsKeptWithinItsBounds() {
    List<Map.Entry<String, String>> header = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      header.add(Map.entry("N" + i % 3, "v".repeat(100)));
    }
    CallbackReply reply =
        CallbackReply.answered(200, header, new byte[CallbackReply.MAX_BODY + 1], false);

    assertThat(reply.worked()).isTrue();
    assertThat(reply.response().body().size()).isEqualTo(CallbackReply.MAX_BODY);
    int kept = reply.response().header().values().stream().mapToInt(List::size).sum();
    assertThat(kept).isBetween(70, CallbackReply.MAX_HEADERS);
    assertThat(CallbackReply.none("x".repeat(5_000)).response().body().size()).isEqualTo(1_000);
  }

  @Test
  void onlyASuccessWorked() {
    assertThat(answer(204, "").worked()).isTrue();
    assertThat(answer(302, "").worked()).isFalse();
    assertThat(answer(199, "").worked()).isFalse();
    assertThat(CallbackReply.none("down").worked()).isFalse();
  }

  private static CallbackReply answer(int status, String body) {
    return CallbackReply.answered(status, List.of(), body.getBytes(StandardCharsets.UTF_8), false);
  }
}
