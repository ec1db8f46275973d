// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.Api;
import io.javalin.util.JavalinException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every statement about the three APIs by its number; at the end a table says which hold, and
 * whether a running Redrive showed it or the HTTP server before a ledger in memory.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class StatementsIT {
  private static final int LAST = 87;
  private static final List<Statement> ALL =
      Stream.of(DeskStatements.all(), PipelinesStatements.all(), WorkflowsStatements.all())
          .flatMap(List::stream)
          .toList();

  @TempDir static Path dir;
  private static Running running;
  private static final List<Api> SERVERS = new ArrayList<>();
  private static final Map<Integer, String> RESULTS = new TreeMap<>();

  @BeforeAll
  static void start() throws Exception {
    running = Running.start(dir);
  }

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
    if (statement.check() == null && statement.live() == null) {
      RESULTS.put(statement.number(), "missing");
      Assumptions.abort("not built");
    }
    RESULTS.put(statement.number(), "FAILS");
    if (statement.check() != null) {
      Api api = Api.start();
      SERVERS.add(api);
      statement.check().on(api);
    }
    if (statement.live() != null) {
      statement.live().on(running);
    }
    RESULTS.put(statement.number(), "pass");
  }

  /** At the end, since a loaded machine takes its time to stop one. */
  @AfterAll
  static void stop() {
    running.close();
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
    StringBuilder table = new StringBuilder("\n number | result  | shown by | statement\n");
    for (Statement statement : ALL) {
      String result = RESULTS.getOrDefault(statement.number(), "not run");
      table.append(
          String.format(
              " %6d | %-7s | %-8s | %s%n",
              statement.number(),
              result,
              statement.live() == null ? "server" : "redrive",
              statement.text()));
    }
    System.out.println(table);
  }
}
