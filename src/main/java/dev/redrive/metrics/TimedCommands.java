// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import dev.redrive.command.Command;
import dev.redrive.query.CommandSender;
import dev.redrive.query.Sent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Times commands from being sent until their effect can be read. */
public record TimedCommands(CommandSender commands, MeterRegistry registry)
    implements CommandSender {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  @Override
  public Sent send(Command command) {
    long start = System.nanoTime();
    Sent sent = commands.send(command);
    record(command, sent, System.nanoTime() - start);
    return sent;
  }

  @Override
  public List<Sent> sendAll(List<Command> all) {
    long start = System.nanoTime();
    List<Sent> sent = commands.sendAll(all);
    long took = System.nanoTime() - start;
    for (int i = 0; i < sent.size(); i++) {
      record(all.get(i), sent.get(i), took);
    }
    return sent;
  }

  private void record(Command command, Sent sent, long nanos) {
    Timer.builder("redrive.command")
        .description("Commands over HTTP, until their effect can be read")
        .tag("type", command.word())
        .tag("result", result(sent))
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  private static String result(Sent sent) {
    if (sent instanceof Sent.Done done) {
      return done.answer().accepted() ? "accepted" : "rejected";
    }
    return sent instanceof Sent.Pending ? "pending" : "unsent";
  }
}
