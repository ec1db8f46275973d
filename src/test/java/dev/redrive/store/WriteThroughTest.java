// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.LetterRow;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Letter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under TopologyTestDriver, which has no transactions. */
class WriteThroughTest {
  @TempDir Path stateDir;

  @Test
  void aPutIsCommittedAtOnce() {
    Letter letter = Letters.letter("orders", "1", Letters.MONDAY);
    try (LetterDatabases databases =
            new LetterDatabases(StoreSettings.DEFAULTS, Clock.systemUTC());
        TopologyTestDriver driver = new TopologyTestDriver(topology(databases), config())) {
      TestInputTopic<byte[], byte[]> failures =
          driver.createInputTopic(
              "failures", Serdes.ByteArray().serializer(), Serdes.ByteArray().serializer());

      failures.pipeInput(null, Letters.row(letter));

      KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore("letters");
      assertThat(
              store
                  .query(
                      new LetterQuery(letter.id()),
                      PositionBound.unbounded(),
                      new QueryConfig(false))
                  .getResult())
          .contains(letter);
      assertThat(databases.audit("letters", 0)).isEmpty();
    }
  }

  private Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return config;
  }

  private static Topology topology(LetterDatabases databases) {
    Topology topology = new Topology();
    topology.addSource(
        "source", Serdes.ByteArray().deserializer(), Serdes.ByteArray().deserializer(), "failures");
    topology.addProcessor("keep", Keeper::new, "source");
    return topology.addStateStore(LetterStores.builder("letters", databases, Map.of()), "keep");
  }

  private static final class Keeper implements Processor<byte[], byte[], Void, Void> {
    private KeyValueStore<Bytes, byte[]> store;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
      store = context.getStateStore("letters");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      byte[] row = record.value();
      store.put(Bytes.wrap(RowKey.letter(LetterRow.head(row).facts().letterId())), row);
    }
  }
}
