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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The two hops over a stock Streams store until it is killed: says {@code running} when all of it
 * can be read, and {@code processed} when it has taken in so many records.
 */
final class StockRun {
  private StockRun() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> given = new HashMap<>(OurRun.settings(args[0], args[1], args[2]));
    given.put("kafka.group.instance.id", args[1]);
    Settings settings = SettingsLoader.of(given);
    long records = Long.parseLong(args[3]);
    LongAdder processed = new LongAdder();
    try (Admin admin = AdminAccess.open(settings)) {
      int maxEntry = Topics.prepare(admin, settings);
      KafkaStreams streams =
          new KafkaStreams(
              new PlainStoreTopology(
                      TopicNames.of(settings),
                      new FailureLimits(maxEntry),
                      new BrokerTopicIds(admin),
                      new PipelineRules(settings),
                      processed)
                  .get(),
              StreamsProperties.of(settings, maxEntry));
      streams.setStateListener(
          (now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
              System.out.println("running");
            }
          });
      streams.start();
      while (processed.sum() < records) {
        Thread.sleep(20);
      }
      // One more commit, so that nothing is under way when it is killed.
      Thread.sleep(2_000);
      System.out.println("processed");
      new CountDownLatch(1).await();
    }
  }
}
