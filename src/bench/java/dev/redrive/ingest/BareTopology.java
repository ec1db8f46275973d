// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The least that keeps a failed record by its id: one hop that addresses it, one that puts it, with
 * its headers, into a plain Streams RocksDB store and writes an event. Nothing is read of it but
 * its id, nothing is indexed.
 */
record BareTopology(String ledger, String events, LongAdder processed)
    implements Supplier<Topology> {
  private static final ByteArrayDeserializer READ = new ByteArrayDeserializer();
  private static final ByteArraySerializer WRITE = new ByteArraySerializer();
  private static final String STORE = "letters";

  @Override
  public Topology get() {
    Topology graph = new Topology();
    graph.addSource(
        AutoOffsetReset.earliest(), "errors", READ, READ, Pattern.compile(BenchRecords.TOPIC));
    graph.addProcessor("intake", Intake::new, "errors");
    graph.addSink(
        "to-ledger",
        ledger,
        WRITE,
        WRITE,
        (String topic, byte[] key, byte[] value, int count) ->
            Optional.of(Set.of(Utils.toPositive(Utils.murmur2(key)) % count)),
        "intake");
    graph.addSource(AutoOffsetReset.earliest(), "failures", READ, READ, ledger);
    graph.addProcessor("ledger", () -> new Ledger(processed), "failures");
    graph.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingDisabled(),
        "ledger");
    graph.addSink("events", events, WRITE, WRITE, "ledger");
    return graph;
  }

  private static final class Intake extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> record) {
      byte[] id = record.headers().lastHeader("redrive-record-id").value();
      context().forward(new Record<>(id, packed(record), context().currentSystemTimeMs()));
    }

    /** Key, value and headers one after the other. */
    private static byte[] packed(Record<byte[], byte[]> record) {
      int size = 8 + record.key().length + record.value().length;
      for (Header header : record.headers()) {
        size += 8 + header.key().length() + header.value().length;
      }
      ByteBuffer packed = ByteBuffer.allocate(size);
      put(packed, record.key());
      put(packed, record.value());
      for (Header header : record.headers()) {
        put(packed, header.key().getBytes(StandardCharsets.UTF_8));
        put(packed, header.value());
      }
      return packed.array();
    }

    private static void put(ByteBuffer packed, byte[] bytes) {
      packed.putInt(bytes.length).put(bytes);
    }
  }

  private static final class Ledger extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    // As long as the events that Redrive writes of an arrival.
    private static final byte[] EVENT = "e".repeat(300).getBytes(StandardCharsets.UTF_8);
    private static final String[] ATTRIBUTES = {
      "ce_specversion", "ce_type", "ce_source", "ce_id", "ce_time", "ce_subject", "content-type"
    };

    private final LongAdder processed;
    private KeyValueStore<Bytes, byte[]> store;

    Ledger(LongAdder processed) {
      this.processed = processed;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
      super.init(context);
      store = context.getStateStore(STORE);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      Bytes id = Bytes.wrap(record.key());
      boolean again = store.get(id) != null;
      store.put(id, record.value());
      RecordHeaders headers = new RecordHeaders();
      for (String attribute : ATTRIBUTES) {
        headers.add(
            attribute, again ? "letter.failed_again".getBytes(StandardCharsets.UTF_8) : id.get());
      }
      context().forward(new Record<>(id.get(), EVENT, context().currentSystemTimeMs(), headers));
      processed.increment();
    }
  }
}
