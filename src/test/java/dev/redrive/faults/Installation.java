// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * One Redrive on a broker that others share: its names, and what its processes have in common.
 *
 * @param name of the application, and the prefix of its topics
 */
public record Installation(String bootstrapServers, String name, Path stateDir) {
  public static final int PARTITIONS = 4;

  /** How many letters a test works with: the same test, larger with {@code -Dredrive.full=true}. */
  public static final int LETTERS = Boolean.getBoolean("redrive.full") ? 20_000 : 1_000;

  /** A broker on which a test need not wait long for a member or a transaction that is dead. */
  public static final Map<String, String> BROKER =
      Map.of(
          "group.min.session.timeout.ms", "1000",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

  public String topic(String kind) {
    return name + "-" + kind;
  }

  public String changelog() {
    return topic("letters-changelog");
  }

  /** What {@code serve} is started with. */
  public Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("application-id", name);
    settings.put("state-dir", stateDir.toString());
    settings.put("stream-threads", "2");
    settings.put("http.port", "0");
    settings.put("topics.partitions", String.valueOf(PARTITIONS));
    settings.put("kafka.bootstrap.servers", bootstrapServers);
    // Known again after a restart, so that nobody waits for the one that was killed.
    settings.put("kafka.group.instance.id", name);
    settings.put("kafka.session.timeout.ms", "3000");
    settings.put("kafka.heartbeat.interval.ms", "500");
    for (String kind :
        List.of(
            "errors", "commands", "outcomes", "retry", "events", "results", "ledger", "control")) {
      settings.put("topics." + kind, topic(kind));
    }
    return settings;
  }

  public Map<String, Object> clients() {
    return Map.of("bootstrap.servers", bootstrapServers);
  }

  /** The directories of its databases, by partition. */
  public List<Path> databases() {
    Path root = stateDir.resolve(name + "-letters");
    return IntStream.range(0, PARTITIONS)
        .mapToObj(partition -> root.resolve("letters-" + partition))
        .toList();
  }
}
