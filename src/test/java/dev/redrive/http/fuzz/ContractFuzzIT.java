// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.http.Contract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of requests of all kinds against a Redrive that works meanwhile. None may be answered
 * with 5xx or with what its description does not say, and none may hang.
 *
 * <p>{@code -Dredrive.fuzz.requests} and {@code -Dredrive.fuzz.seed} make it another one.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class ContractFuzzIT {
  private static final int REQUESTS =
      Integer.getInteger(
          "redrive.fuzz.requests", Boolean.getBoolean("redrive.full") ? 20_000 : 600);
  private static final long SEED = Long.getLong("redrive.fuzz.seed", 20_260_327L);
  private static final int CALLERS = 4;
  private static final int MOST_FINDINGS = 25;

  @TempDir Path dir;

  private final Harvest harvest = new Harvest();
  private final AtomicInteger asked = new AtomicInteger();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final List<String> findings = Collections.synchronizedList(new ArrayList<>());
  private final LongAccumulator slowest = new LongAccumulator(Long::max, 0);

  @Test
  void everyAnswerKeepsTheContract() throws Exception {
    System.out.println("Contract fuzzer: " + REQUESTS + " requests, seed " + SEED);
    long started = System.nanoTime();
    try (FuzzRig rig = FuzzRig.start(dir, new Random(SEED))) {
      rig.goOn(300);
      await().atMost(Duration.ofMinutes(2)).until(() -> rig.letters() > 200);
      ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
          Random random = new Random(SEED + i);
          all.add(callers.submit(() -> call(rig.port(), random)));
        }
        for (Future<?> each : all) {
          while (!isDone(each)) {
            rig.goOn(20);
          }
        }
      } finally {
        callers.shutdownNow();
      }
      await().atMost(Duration.ofSeconds(60)).until(rig::well);
    }
    System.out.printf(
        "Contract fuzzer: %d requests in %d s, the slowest %d ms; answers by status %s%n",
        asked.get(),
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started),
        TimeUnit.NANOSECONDS.toMillis(slowest.get()),
        statuses);
    assertThat(findings).as("seed %s", SEED).isEmpty();
    assertThat(statuses.keySet()).contains(200, 201, 202, 400, 401, 403, 404, 405, 409, 415);
  }

  /** Waits a moment for it. */
  private static boolean isDone(Future<?> caller) throws Exception {
    try {
      caller.get(500, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private Void call(int port, Random random) throws Exception {
    Contract contract = new Contract();
    QuestionMaker maker = new QuestionMaker(contract.document(), harvest, random);
    Judge judge = new Judge(contract, harvest);
    Asker asker = new Asker(port);
    Deque<String> before = new ArrayDeque<>();
    while (asked.getAndIncrement() < REQUESTS && findings.size() < MOST_FINDINGS) {
      Question question = maker.next();
      try {
        Reply reply = asker.ask(question);
        slowest.accumulate(reply.nanos());
        synchronized (statuses) {
          statuses.merge(reply.status(), 1, Integer::sum);
        }
        judge.wrong(question, reply).ifPresent(wrong -> found(wrong, question));
        remember(before, question, reply);
      } catch (IOException e) {
        found("no whole answer: " + e + "; before it came\n  " + before, question);
      }
    }
    return null;
  }

  /** An answer that is missing may be due to what was asked before on the same connection. */
  private static void remember(Deque<String> before, Question question, Reply reply) {
    before.addFirst(
        "%d %s after %d ms to %s%n"
            .formatted(
                reply.status(),
                reply.headers(),
                TimeUnit.NANOSECONDS.toMillis(reply.nanos()),
                question));
    if (before.size() > 3) {
      before.removeLast();
    }
  }

  private void found(String wrong, Question question) {
    String finding = wrong + "\n  " + question;
    System.out.println("FINDING " + finding);
    findings.add(finding);
  }
}
