// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.topology.RedriveTopology;
import dev.redrive.topology.WithoutHello;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A Redrive whose process stops itself, as by SIGSTOP, right after it has committed its first
 * replays since its start, and so between two transactions. Its first argument says whether it is
 * {@code guarded} as any, or {@code unguarded}: without the hello rule and without the second net.
 * The other arguments are settings, {@code key=value}.
 */
public final class PausingRedrive {
  static final String GUARDED = "guarded";
  static final String UNGUARDED = "unguarded";

  private PausingRedrive() {}

  public static void main(String[] args) throws Exception {
    boolean guarded = args[0].equals(GUARDED);
    Map<String, String> settings =
        Arrays.stream(args)
            .skip(1)
            .map(set -> set.split("=", 2))
            .collect(Collectors.toMap(set -> set[0], set -> set[1]));
    Pause pause = new Pause(settings.get("topics.retry"), guarded);
    Redrive redrive =
        Redrive.start(
            SettingsLoader.of(settings),
            Clock.systemUTC(),
            clients -> new TappedClients(clients, pause),
            guarded ? RedriveTopology::get : WithoutHello::of);
    System.out.println("Redrive listens on http://127.0.0.1:" + redrive.httpPort());
    pause.armed.set(true);
  }

  private static final class Pause implements TappedClients.Tap {
    final AtomicBoolean armed = new AtomicBoolean();
    private final String retryTopic;
    private final boolean guarded;

    @SuppressWarnings("ThreadLocalUsage") // one of these in the process
    private final ThreadLocal<Boolean> replays = ThreadLocal.withInitial(() -> false);

    Pause(String retryTopic, boolean guarded) {
      this.retryTopic = retryTopic;
      this.guarded = guarded;
    }

    @Override
    public void sending(ProducerRecord<?, ?> record) {
      if (record.topic().equals(retryTopic)) {
        replays.set(true);
      }
    }

    /** The second net is an offset of a changelog, which no group reads. */
    @Override
    public boolean passesOn(Map<?, ?> offsets) {
      return guarded
          || !offsets.keySet().stream()
              .allMatch(at -> ((TopicPartition) at).topic().endsWith("-changelog"));
    }

    @Override
    public void committed() {
      if (replays.get() && armed.compareAndSet(true, false)) {
        stopHere();
      }
      replays.set(false);
    }

    private static void stopHere() {
      String pid = String.valueOf(ProcessHandle.current().pid());
      try {
        new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
