// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.topology.StreamsProperties;
import dev.redrive.topology.topics.AdminAccess;
import dev.redrive.topology.topics.Topics;
import java.util.Properties;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;

/** The engine's floor, taking in the benchmark's records on topics made like ours. */
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
    FloorTopology floor =
        new FloorTopology(settings.topics().ledger(), settings.topics().events(), processed);
    try (KafkaStreams streams = new KafkaStreams(floor.get(), properties)) {
      streams.start();
      Measured.run(processed::sum, Long.parseLong(args[3]));
    }
    System.exit(0);
  }
}
