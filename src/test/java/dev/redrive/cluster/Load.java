// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Programs behind a load balancer, which asks those members only whose {@code /health/ready} said
 * so lately: they read all the time and replay one letter after the other, and every answer counts.
 */
final class Load implements AutoCloseable {
  private static final int READERS = 2;
  private static final long LOOK_MS = 100;

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(6);
  private final List<Member> members;
  private final List<String> letters;
  private final Map<Member, Boolean> ready = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final Queue<String> toReplay;
  private final boolean mayBeUnavailable;
  private final List<String> replayed = new ArrayList<>();
  private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

  private Load(
      List<Member> members, List<String> letters, List<String> toReplay, boolean mayBeUnavailable) {
    this.mayBeUnavailable = mayBeUnavailable;
    this.members = members;
    this.letters = letters;
    this.toReplay = new ArrayDeque<>(toReplay);
    members.forEach(member -> ready.put(member, true));
  }

  /** Begins to read, and does nothing else. */
  static Load reading(List<Member> members, List<String> letters) {
    return start(members, letters, List.of(), 1_000);
  }

  /**
   * As {@link #reading}, where so much breaks at once that some partitions may have nobody for
   * longer than a read waits: 503 that says so is an answer then.
   */
  static Load readingAmidFailures(List<Member> members, List<String> letters) {
    Load load = new Load(members, letters, List.of(), true);
    load.begin(1_000);
    return load;
  }

  /**
   * Begins.
   *
   * @param letters that are read
   * @param toReplay that are sent back, each once
   * @param commandEvery milliseconds from one answer to the next command
   */
  static Load start(
      List<Member> members, List<String> letters, List<String> toReplay, long commandEvery) {
    Load load = new Load(members, letters, toReplay, false);
    load.begin(commandEvery);
    return load;
  }

  private void begin(long commandEvery) {
    members.forEach(member -> every(LOOK_MS, () -> look(member)));
    for (int i = 0; i < READERS; i++) {
      every(10, this::read);
    }
    every(commandEvery, this::replay);
  }

  /** The letters whose replay was asked for. */
  synchronized List<String> replayed() {
    return List.copyOf(replayed);
  }

  /** How often something was answered so, such as {@code page 200}. */
  Map<String, LongAdder> answers() {
    return answers;
  }

  /** For a person. */
  @Override
  public String toString() {
    return answers + ", the longest took " + longest.get() / 1_000_000 + " ms";
  }

  /** Answers that a member gave which it should not have, and requests without any. */
  List<String> wrong() {
    return new ArrayList<>(wrong);
  }

  /** Ends, when what is under way has its answer. */
  @Override
  public void close() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
      wrong.add("requests are under way for more than a minute");
    }
  }

  private void every(long millis, Runnable task) {
    var unused = threads.scheduleWithFixedDelay(task, 0, millis, TimeUnit.MILLISECONDS);
  }

  private void look(Member member) {
    try {
      ready.put(member, member.desk().get("/health/ready").status() == 200);
    } catch (UncheckedIOException e) {
      ready.put(member, false);
    }
  }

  private void read() {
    int number = turn.getAndIncrement();
    String letter = letters.get(number % letters.size());
    switch (number % 3) {
      case 0 -> ask("page", number, desk -> desk.get("/api/dlq?limit=50"));
      case 1 -> ask("letter", number, desk -> desk.get("/api/dlq/" + letter));
      default -> ask("statistics", number, desk -> desk.get("/api/dlq/stats"));
    }
  }

  private void replay() {
    String letter;
    synchronized (this) {
      letter = toReplay.poll();
      if (letter != null) {
        replayed.add(letter);
      }
    }
    if (letter != null) {
      ask(
          "replay",
          turn.getAndIncrement(),
          desk -> desk.post("/api/dlq/" + letter + "/reprocess", "{}"));
    }
  }

  private void ask(String what, int number, Function<DeskClient, Reply> question) {
    List<Member> asked = members.stream().filter(ready::get).toList();
    if (asked.isEmpty()) {
      wrong.add(what + ": nobody is ready");
      return;
    }
    Member member = asked.get(number % asked.size());
    String said = what;
    long start = System.nanoTime();
    try {
      Reply reply = question.apply(member.desk());
      said += " " + reply.status() + (reply.old() ? " of a standby" : "");
      if (reply.status() / 100 != 2 && !(mayBeUnavailable && isUnavailable(reply))) {
        wrong.add(said + " from member " + members.indexOf(member) + ": " + reply.body());
      }
    } catch (RuntimeException e) {
      // A scheduled task that throws would never run again, and nobody would hear of it.
      said += " without answer";
      wrong.add(said + " from member " + members.indexOf(member) + ": " + e);
    }
    longest.accumulate(System.nanoTime() - start);
    answers.computeIfAbsent(said, s -> new LongAdder()).increment();
  }

  private static boolean isUnavailable(Reply reply) {
    return reply.status() == 503 && reply.body().at("/error/code").asText().equals("unavailable");
  }
}
