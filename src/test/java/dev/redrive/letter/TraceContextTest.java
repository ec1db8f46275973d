// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";

  @Test
  void theHeaderNamesTheTrace() {
    TraceContext trace = TraceContext.of(headers(PARENT)).orElseThrow();

    assertThat(trace.traceId()).isEqualTo(ID);
    assertThat(trace.traceparent()).isEqualTo(PARENT);
  }

  @Test
  void aLaterVersionMayHaveMoreBehindIt() {
    String later = "cc" + PARENT.substring(2);

    assertThat(TraceContext.of(headers(later + "-what-comes"))).contains(new TraceContext(later));
  }

  @Test
  void theLastOfSeveralCounts() {
    List<Header> two =
        List.of(Header.utf8("traceparent", "broken"), Header.utf8("traceparent", PARENT));

    assertThat(TraceContext.of(two)).isPresent();
    assertThat(TraceContext.of(List.of(two.get(1), two.get(0)))).isEmpty();
    assertThat(TraceContext.of(List.of(new Header("traceparent", null)))).isEmpty();
    assertThat(TraceContext.of(List.of(Header.utf8("Traceparent", PARENT)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\u00e4",
      })
  void whatTheW3cCallsInvalidIsNone(String value) {
    assertThat(TraceContext.of(headers(value))).isEmpty();
  }

  @Test
  void aHeaderWithoutEndIsNotLookedAt() {
    assertThat(TraceContext.of(headers("cc" + PARENT.substring(2) + "-" + "x".repeat(10_000))))
        .isEmpty();
  }

  private static List<Header> headers(String value) {
    return List.of(Header.utf8("other", "x"), Header.utf8("traceparent", value));
  }
}
