// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings of Kafka that Redrive gives itself, because its guarantees rest on them. Taking them and
 * not obeying would be worse than refusing.
 */
final class ReservedKafkaSettings {

  private static final List<String> CLIENT_PREFIXES =
      List.of(
          "main.consumer.",
          "restore.consumer.",
          "global.consumer.",
          "consumer.",
          "producer.",
          "admin.");

  private static final String FIXED = "is fixed by Redrive; remove it";

  private static final Map<String, String> INSTEAD =
      Map.ofEntries(
          Map.entry("application.id", "is set by application-id"),
          Map.entry("state.dir", "is set by state-dir"),
          Map.entry("num.stream.threads", "is set by stream-threads"),
          Map.entry("commit.interval.ms", "is set by commit-interval"),
          Map.entry("replication.factor", "is set by topics.replication-factor"),
          Map.entry("max.request.size", "follows from limits.payload"),
          Map.entry("auto.offset.reset", "is set by errors.start"),
          Map.entry("application.server", "is set by peers.advertised"),
          Map.entry("num.standby.replicas", "is set by peers.standbys"),
          Map.entry("group.id", "is set by application-id"),
          Map.entry("processing.guarantee", FIXED),
          Map.entry("max.task.idle.ms", FIXED),
          Map.entry("enable.auto.commit", FIXED),
          Map.entry("enable.idempotence", FIXED),
          Map.entry("isolation.level", FIXED),
          Map.entry("transactional.id", FIXED),
          Map.entry("acks", FIXED),
          Map.entry("key.serializer", FIXED),
          Map.entry("value.serializer", FIXED),
          Map.entry("key.deserializer", FIXED),
          Map.entry("value.deserializer", FIXED));

  private ReservedKafkaSettings() {}

  /** What to do instead of setting this one; empty if it may be set. */
  static Optional<String> insteadOf(String name) {
    String bare =
        CLIENT_PREFIXES.stream()
            .filter(name::startsWith)
            .findFirst()
            .map(prefix -> name.substring(prefix.length()))
            .orElse(name);
    return Optional.ofNullable(INSTEAD.get(bare));
  }
}
