// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.dialect.FailureLimits;
import dev.redrive.topology.BrokerTopicIds;
import dev.redrive.topology.PipelineRules;
import dev.redrive.topology.PlainStoreTopology;
import dev.redrive.topology.StreamsProperties;
import dev.redrive.topology.TopicNames;
import dev.redrive.topology.topics.AdminAccess;
import dev.redrive.topology.topics.Topics;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/**
 * A floor, {@code plain} or {@code bare}, taking in the benchmark's records on topics like ours.
 */
final class FloorRun {
  private FloorRun() {}

  public static void main(String[] args) throws Exception {
    Settings settings = SettingsLoader.of(OurRun.settings(args[0], args[1], args[2]));
    int maxEntry;
    try (Admin admin = AdminAccess.open(settings)) {
      maxEntry = Topics.prepare(admin, settings);
    }
    LongAdder processed = new LongAdder();
    Properties properties = StreamsProperties.of(settings, maxEntry);
    try (Admin admin = AdminAccess.open(settings);
        KafkaStreams streams =
            new KafkaStreams(topology(args[4], settings, admin, maxEntry, processed), properties)) {
      streams.start();
      Measured.run(processed::sum, Long.parseLong(args[3]));
    }
    System.exit(0);
  }

  private static Topology topology(
      String which, Settings settings, Admin admin, int maxEntry, LongAdder processed) {
    return switch (which) {
      case "plain" ->
          new PlainStoreTopology(
                  TopicNames.of(settings),
                  new FailureLimits(maxEntry),
                  new BrokerTopicIds(admin),
                  new PipelineRules(settings),
                  processed)
              .get();
      case "bare" ->
          new BareTopology(settings.topics().ledger(), settings.topics().events(), processed).get();
      default -> throw new IllegalArgumentException("plain or bare, not " + which);
    };
  }
}
