// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.testkit;

import static org.awaitility.Awaitility.await;

import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.topology.topics.WrongTopicsException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * A broker and a Redrive on it, both in this JVM, on free ports, with all data in one directory.
 * Start one per test class and close it: it costs some five seconds.
 */
public final class LiveRedrive implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);

  private final EmbeddedBroker broker;
  private final Redrive redrive;

  private LiveRedrive(EmbeddedBroker broker, Redrive redrive) {
    this.broker = broker;
    this.redrive = redrive;
  }

  /**
   * Returns when it answers for all of its partitions.
   *
   * @param dir for everything that broker and Redrive keep
   * @param settings such as {@code topics.errors}; they win over what {@link #settings} chooses
   */
  public static LiveRedrive start(Path dir, Map<String, String> settings) throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(dir.resolve("kafka"), 0, Map.of());
    try {
      Map<String, String> all = settings(broker.bootstrapServers(), dir.resolve("state"));
      all.putAll(settings);
      return new LiveRedrive(broker, startReady(all));
    } catch (Exception | Error e) {
      broker.close();
      throw e;
    }
  }

  /** Settings for a small Redrive on that broker: two partitions, one thread, any free port. */
  public static Map<String, String> settings(String bootstrapServers, Path stateDir) {
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", bootstrapServers);
    // Error topics that come after the start are seen soon.
    settings.put("kafka.main.consumer.metadata.max.age.ms", "500");
    settings.put("state-dir", stateDir.toString());
    settings.put("http.port", "0");
    settings.put("topics.partitions", "2");
    settings.put("stream-threads", "1");
    settings.put("store.block-cache", "16MiB");
    settings.put("store.write-buffers", "16MiB");
    return settings;
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  public Redrive redrive() {
    return redrive;
  }

  public DeskClient desk() {
    return new DeskClient(redrive.httpPort());
  }

  @Override
  public void close() {
    try {
      redrive.close();
    } finally {
      broker.close();
    }
  }

  private static Redrive startReady(Map<String, String> settings)
      throws WrongTopicsException, IOException {
    Redrive redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC());
    try {
      await().atMost(READY).until(redrive::ready);
      return redrive;
    } catch (RuntimeException e) {
      redrive.close();
      throw e;
    }
  }
}
