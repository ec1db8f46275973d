// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.Api;
import io.javalin.util.JavalinException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Every statement about the three APIs by its number; at the end a table says which hold. */
@Timeout(300)
class StatementsTest {
  private static final int LAST = 87;
  private static final List<Statement> ALL =
      Stream.of(DeskStatements.all(), PipelinesStatements.all(), WorkflowsStatements.all())
          .flatMap(List::stream)
          .toList();
  private static final List<Api> SERVERS = new ArrayList<>();
  private static final Map<Integer, String> RESULTS = new TreeMap<>();

  @TestFactory
  Stream<DynamicTest> statements() {
    return ALL.stream()
        .map(
            statement ->
                DynamicTest.dynamicTest(
                    statement.number() + " " + statement.text(), () -> check(statement)));
  }

  @Test
  void noNumberIsLeftOut() {
    assertThat(ALL.stream().map(Statement::number))
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, LAST).boxed().toList());
  }

  private static void check(Statement statement) throws Exception {
    if (statement.check() == null) {
      RESULTS.put(statement.number(), "missing");
      Assumptions.abort("not built");
    }
    RESULTS.put(statement.number(), "FAILS");
    Api api = Api.start();
    SERVERS.add(api);
    statement.check().on(api);
    RESULTS.put(statement.number(), "pass");
  }

  /** At the end, since a loaded machine takes its time to stop one. */
  @AfterAll
  static void stop() {
    for (Api api : SERVERS) {
      try {
        api.close();
      } catch (JavalinException e) {
        // It has not stopped in time; no statement is about that.
      }
    }
  }

  @AfterAll
  static void printTable() {
    StringBuilder table = new StringBuilder("\n number | result  | statement\n");
    for (Statement statement : ALL) {
      String result = RESULTS.getOrDefault(statement.number(), "not run");
      table.append(
          String.format(" %6d | %-7s | %s%n", statement.number(), result, statement.text()));
    }
    System.out.println(table);
  }
}
