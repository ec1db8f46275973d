// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.topology.RedriveTopology;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A Redrive whose process halts between Kafka's commit and the store's write: in a transaction with
 * replays, once it has sent as many replays as its first argument says. The other arguments are
 * settings, {@code key=value}.
 */
public final class HaltingRedrive {
  /** The exit code that proves that it halted itself. */
  static final int HALTED = 77;

  private HaltingRedrive() {}

  public static void main(String[] args) throws Exception {
    int replays = Integer.parseInt(args[0]);
    Map<String, String> settings =
        Arrays.stream(args)
            .skip(1)
            .map(set -> set.split("=", 2))
            .collect(Collectors.toMap(set -> set[0], set -> set[1]));
    Halt halt = new Halt(settings.get("topics.retry"), replays);
    Redrive redrive =
        Redrive.start(
            SettingsLoader.of(settings),
            Clock.systemUTC(),
            clients -> new TappedClients(clients, halt),
            RedriveTopology::get);
    System.out.println("Redrive listens on http://127.0.0.1:" + redrive.httpPort());
  }

  private static final class Halt implements TappedClients.Tap {
    private final String retryTopic;
    private final int wanted;
    private final AtomicInteger sent = new AtomicInteger();

    @SuppressWarnings("ThreadLocalUsage") // one of these in the process
    private final ThreadLocal<Integer> inTransaction = ThreadLocal.withInitial(() -> 0);

    Halt(String retryTopic, int wanted) {
      this.retryTopic = retryTopic;
      this.wanted = wanted;
    }

    @Override
    public void sending(ProducerRecord<?, ?> record) {
      if (record.topic().equals(retryTopic)) {
        sent.incrementAndGet();
        inTransaction.set(inTransaction.get() + 1);
      }
    }

    @Override
    public void committed() {
      if (inTransaction.get() > 0 && sent.get() >= wanted) {
        Runtime.getRuntime().halt(HALTED);
      }
      inTransaction.set(0);
    }
  }
}
