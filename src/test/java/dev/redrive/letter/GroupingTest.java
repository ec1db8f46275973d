// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Grouping.Group;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupingTest {
  private static final String TRACE =
      """
      org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed
      \tat org.springframework.kafka.listener.Container.invoke(Container.java:29)
      \tat com.acme.Outer.handle(Outer.java:9)
      Caused by: java.lang.IllegalStateException: order 17 is late
      \tat java.base/java.util.Optional.orElseThrow(Optional.java:403)
      \tat com.acme.Orders.check(Orders.java:61)
      \tat com.acme.Outer.handle(Outer.java:7)
      \t... 14 more
      """;

  @Test
  void takesTheDeepestCauseAndTheFirstFrameOfTheApplication() {
    Group group = group(trace(TRACE));
    assertThat(group.title()).isEqualTo("IllegalStateException in com.acme.Orders.check");
    assertThat(group.rootCause()).isEqualTo("java.lang.IllegalStateException");
    assertThat(group.id()).matches("grp_1_[0-9a-f]{20}");
  }

  @Test
  void idsAreStable() {
    // Stored with letters: a changed id would split every group at an upgrade.
    assertThat(group(trace(TRACE)).id()).isEqualTo("grp_1_bac595bf593a881af21e");
  }

  @Test
  void messagesLineNumbersAndMoreCallersDoNotMatter() {
    String other =
        TRACE
            .replace("order 17 is late", "order 18 is late")
            .replace(":61", ":72")
            .replace("14", "9");
    assertThat(group(trace(other)).id()).isEqualTo(group(trace(TRACE)).id());
  }

  @Test
  void pipelineCauseAndFrameDo() {
    String id = group(trace(TRACE)).id();
    assertThat(Grouping.DEFAULT.group("other", trace(TRACE)).orElseThrow().id()).isNotEqualTo(id);
    assertThat(group(trace(TRACE.replace("Orders.check", "Orders.save"))).id()).isNotEqualTo(id);
    assertThat(group(trace(TRACE.replace("IllegalState", "IllegalArgument"))).id())
        .isNotEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({
    "com.acme.Orders.lambda$check$3, com.acme.Orders.lambda$check",
    "com.acme.Orders$1.apply, com.acme.Orders.apply",
    "com.acme.Orders$$SpringCGLIB$$0.check, com.acme.Orders.check",
    "com.acme.Orders$$EnhancerBySpringCGLIB$$1a2b3c.check, com.acme.Orders.check",
    "com.acme.Orders$$Lambda$14/0x000000080.check, com.acme.Orders",
    "app//com.acme.Orders.check, com.acme.Orders.check",
    "acme.orders@1.2-rc/com.acme.Orders.check, com.acme.Orders.check",
    "com.acme.Orders.<init>, com.acme.Orders.<init>",
  })
  void namesLoseWhatChangesFromBuildToBuild(String frame, String normalised) {
    String trace = "a.B: x\n\tat " + frame + "(Orders.java:1)\n";
    assertThat(group(trace(trace)).title()).isEqualTo("B in " + normalised);
  }

  @Test
  void proxiesMadeAtRunTimeAreNoFrames() {
    String trace =
        "a.B: x\n\tat com.acme.$Proxy17.call(Unknown Source)\n\tat com.acme.A.b(A.java:1)\n";
    assertThat(group(trace(trace)).title()).isEqualTo("B in com.acme.A.b");
  }

  @Test
  void aCauseWithinAFrameworkTakesTheFrameThatCalledIt() {
    String trace =
        """
        com.acme.Failed: no
        \tat com.acme.Db.put(Db.java:3)
        Caused by: org.postgresql.util.PSQLException: duplicate
        \tat org.postgresql.core.Query.run(Query.java:1)
        \t... 3 more
        """;
    assertThat(group(trace(trace)).title()).isEqualTo("PSQLException in com.acme.Db.put");
  }

  @Test
  void aTraceOfFrameworksOnlyTakesItsFirstFrame() {
    String trace = "java.lang.Error\n\tat java.base/java.lang.Thread.run(Thread.java:1)\n";
    assertThat(group(trace(trace)).title()).isEqualTo("Error in java.lang.Thread.run");
  }

  @Test
  void suppressedExceptionsAreNoCauses() {
    String trace =
        """
        a.B: x
        \tat com.acme.A.b(A.java:1)
        \tSuppressed: a.C: y
        \t\tat com.acme.X.y(X.java:1)
        \tCaused by: a.D: z
        \t\tat com.acme.Z.z(Z.java:1)
        """;
    assertThat(group(trace(trace)).title()).isEqualTo("B in com.acme.A.b");
  }

  @Test
  void theProducersRootCauseIsTakenFirst() {
    FailureError told = new FailureError(null, null, "a.W", "a.Root", TRACE);
    assertThat(group(told).title()).isEqualTo("Root in com.acme.Orders.check");
  }

  @Test
  void otherFrameworksCanBeNamed() {
    Grouping mine = new Grouping(List.of("com.acme.Orders", "java."));
    assertThat(mine.group("p", trace(TRACE)).orElseThrow().title())
        .isEqualTo("IllegalStateException in com.acme.Outer.handle");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "timeout after 30 s | timeout after 31 s | timeout after {} s",
        "no customer 'Ann' in \"eu\" | no customer 'Bob' in \"us\" | no customer {} in {}",
        "id 6f9619ff-8b86-d011-b42d-00c04fc964ff | id 123e4567-e89b-12d3-a456-426614174000 | id {}",
        "at 2026-11-22T00:10:00.1Z, user=a1@b.example. | at 2026-01-02T00:10:00.1Z, user=c2@b.example. | at {}, user={}.",
        "ids [1, 2, 3] | ids [7, 8] | ids [{}]",
        "don't stop | don't stop | don't stop",
      })
  void messagesWithoutATraceGroupByShape(String one, String other, String shape) {
    assertThat(group(message(one))).isEqualTo(group(message(other)));
    assertThat(group(message(one)).title()).isEqualTo("B: " + shape);
  }

  @Test
  void blanksOfAMessageAreAllTheSame() {
    assertThat(group(message("a\tb\n\nc "))).isEqualTo(group(message("a b  c")));
  }

  @Test
  void thenTheCodeThenTheClassDecides() {
    assertThat(group(new FailureError("db_refused", null, "a.B", null, null)).title())
        .isEqualTo("db_refused");
    assertThat(group(new FailureError(null, " ", "a.B", null, "")).title()).isEqualTo("a.B");
    assertThat(Grouping.DEFAULT.group("p", FailureError.UNKNOWN)).isEmpty();
  }

  @Test
  void hostileTextTakesBoundedTime() {
    List<String> hostile =
        List.of(
            "\nCaused by: ".repeat(1_000_000),
            "\n\tat ".repeat(2_000_000),
            "a.B: x\n" + "\tat java.A.b(A.java:1)\n".repeat(500_000),
            "\n".repeat(10_000_000),
            "a/".repeat(5_000_000),
            "x\n\tat " + "a/".repeat(5_000_000),
            "x\n\tat " + "$1".repeat(5_000_000),
            "'\"`".repeat(3_000_000),
            "{} ".repeat(3_000_000),
            "\uD83D".repeat(1_000_000));
    for (String text : hostile) {
      long start = System.nanoTime();
      var unused = Grouping.DEFAULT.group("p", new FailureError(text, text, text, null, text));
      unused = Grouping.DEFAULT.group("p", message(text));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  private static Group group(FailureError error) {
    return Grouping.DEFAULT.group("p", error).orElseThrow();
  }

  private static FailureError trace(String trace) {
    return new FailureError("code", "message", null, null, trace);
  }

  private static FailureError message(String message) {
    return new FailureError("code", message, "a.B", null, null);
  }
}
