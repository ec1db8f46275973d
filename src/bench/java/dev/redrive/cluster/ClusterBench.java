// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import dev.redrive.faults.Traffic;
import dev.redrive.ingest.BenchDirectory;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Three instances and three brokers, each a process: how long after {@code kill -9} of an instance
 * the others answer every read again, and how long until none of it is a standby's; and what a page
 * costs that is gathered from three, against one that all comes from one place.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.cluster.ClusterBench
 *     -Dbench.args="10 20000"</pre>
 *
 * Arguments: kills; letters; any settings of Redrive as {@code key=value}.
 */
public final class ClusterBench {
  private static final int PAGES = 2_000;

  /** All partitions are asked for it. */
  private static final String PAGE = "/api/dlq?limit=50";

  private ClusterBench() {}

  /** Of one kill, milliseconds: until a read was answered, until all were as before. */
  private record Outage(double answered, double fresh) {}

  public static void main(String[] args) throws Exception {
    System.setProperty("redrive.process.jvm", "-Xmx512m");
    int kills = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    int letters = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
    Map<String, String> settings = new java.util.HashMap<>();
    for (int i = 2; i < args.length; i++) {
      String[] set = args[i].split("=", 2);
      settings.put(set[0], set[1]);
    }
    Path directory = BenchDirectory.create();
    try (Brokers brokers = Brokers.start(directory)) {
      for (int standbys : new int[] {1, 0}) {
        settings.put("peers.standbys", String.valueOf(standbys));
        String name = "standbys-" + standbys;
        try (Fleet fleet = Fleet.start(brokers, name, directory, i -> settings);
            Traffic traffic = new Traffic(fleet.installation())) {
          fleet.fail(traffic, letters);
          failOver(name, fleet, kills);
          if (standbys == 1) {
            pages(fleet);
          }
        }
      }
    }
    System.exit(0);
  }

  private static void failOver(String name, Fleet fleet, int kills) throws Exception {
    List<Outage> outages = new ArrayList<>();
    for (int kill = 0; kill < kills; kill++) {
      Member victim = fleet.member(kill % Fleet.COUNT);
      DeskClient survivor = fleet.member((kill + 1) % Fleet.COUNT).desk();
      long start = System.nanoTime();
      victim.process().kill();
      outages.add(outage(survivor, start));
      victim.start();
      fleet.awaitReady();
    }
    print(name + ", every read answered", outages.stream().map(Outage::answered).toList(), "ms");
    print(name + ", by actives again   ", outages.stream().map(Outage::fresh).toList(), "ms");
  }

  /** Reads one page after the other until the active of every partition answers. */
  private static Outage outage(DeskClient desk, long start) {
    double answered = -1;
    while (true) {
      Reply reply;
      try {
        reply = desk.get(PAGE);
      } catch (UncheckedIOException e) {
        throw new IllegalStateException("a survivor does not answer", e);
      }
      double now = (System.nanoTime() - start) / 1e6;
      if (reply.status() != 200) {
        // Not every read is answered yet, whatever came before.
        answered = -1;
      } else {
        answered = answered < 0 ? now : answered;
        if (!reply.old() && isKnownGone(now)) {
          return new Outage(answered, now);
        }
      }
    }
  }

  /** Right after the kill an answer may still come from what the victim had sent. */
  private static boolean isKnownGone(double millis) {
    return millis > 100;
  }

  private static void pages(Fleet fleet) throws Exception {
    DeskClient desk = fleet.member(0).desk();
    List<Double> gathered = timed(desk);
    fleet.member(1).process().stop();
    fleet.member(2).process().stop();
    while (desk.get(PAGE).status() != 200 || desk.get(PAGE).old()) {
      Thread.sleep(50);
    }
    List<Double> local = timed(desk);
    print("page of 50 gathered from three", gathered, "ms");
    print("page of 50 all from one       ", local, "ms");
  }

  private static List<Double> timed(DeskClient desk) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < PAGES * 2; i++) {
      long start = System.nanoTime();
      if (desk.get(PAGE).status() != 200) {
        throw new IllegalStateException("a page was not answered");
      }
      if (i >= PAGES) {
        times.add((System.nanoTime() - start) / 1e6);
      }
    }
    return times;
  }

  private static void print(String what, List<Double> times, String unit) {
    List<Double> sorted = times.stream().sorted().toList();
    System.out.printf(
        Locale.ROOT,
        "%s: p50 %,.1f %s, p99 %,.1f %s, of %d%n",
        what,
        sorted.get(sorted.size() / 2),
        unit,
        sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)),
        unit,
        sorted.size());
  }
}
