// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Entry;
import dev.redrive.codec.EntryCodec;
import dev.redrive.codec.EventJson.Cause;
import dev.redrive.codec.LetterRow;
import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.FailureLimits;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Redrive's two hops over a plain Streams RocksDB store: the same intake, entries, rules, rows and
 * events, but no index, no counters, no intake marks, no commands. What Redrive costs beyond it is
 * the price of its store.
 */
public record PlainStoreTopology(
    TopicNames topics,
    FailureLimits limits,
    Function<String, UUID> topicIds,
    PipelineRules rules,
    LongAdder processed)
    implements Supplier<Topology> {
  private static final ByteArrayDeserializer READ = new ByteArrayDeserializer();
  private static final ByteArraySerializer KEY = new ByteArraySerializer();
  private static final Serializer<Outbound> VALUE = Outbound::serialize;

  @Override
  public Topology get() {
    OffsetResets resets = new OffsetResets(new LedgerFigures());
    Topology graph = new Topology();
    graph.addSource(
        AutoOffsetReset.earliest(),
        Nodes.ERRORS,
        Timestamps.AS_WRITTEN,
        READ,
        READ,
        topics.errors());
    graph.addProcessor(
        Nodes.FAILURE_INTAKE,
        () -> new FailureIntake(DialectRules.NONE, limits, new TopicIds(topicIds), resets, rules),
        Nodes.ERRORS);
    graph.addSink(
        Nodes.TO_LEDGER,
        topics.ledger(),
        KEY,
        VALUE,
        new LedgerPartitioner(),
        Nodes.FAILURE_INTAKE);
    graph.addSink(Nodes.FAILURE_EVENTS, topics.events(), KEY, VALUE, Nodes.FAILURE_INTAKE);
    graph.addSource(
        AutoOffsetReset.earliest(),
        Nodes.FAILURES,
        Timestamps.AS_WRITTEN,
        READ,
        READ,
        topics.ledger());
    graph.addProcessor(Nodes.LEDGER, () -> new Ledger(processed), Nodes.FAILURES);
    graph.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(Nodes.LETTERS), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingDisabled(),
        Nodes.LEDGER);
    graph.addSink(Nodes.EVENTS, topics.events(), KEY, VALUE, Nodes.LEDGER);
    return graph;
  }

  private static final class Ledger extends ContextualProcessor<byte[], byte[], byte[], Outbound> {
    private final LongAdder processed;
    private @Nullable KeyValueStore<Bytes, byte[]> store;
    private @Nullable LedgerOutput output;
    private long change;

    Ledger(LongAdder processed) {
      this.processed = processed;
    }

    @Override
    public void init(ProcessorContext<byte[], Outbound> context) {
      super.init(context);
      store = context.getStateStore(Nodes.LETTERS);
      output = LedgerOutput.ofLedger(context, new Landings());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      long now = context().currentSystemTimeMs();
      Entry.FailureEntry entry = (Entry.FailureEntry) EntryCodec.decode(record.value());
      Bytes key = Bytes.wrap(record.key());
      KeyValueStore<Bytes, byte[]> rows = Objects.requireNonNull(store);
      byte[] stored = rows.get(key);
      Step.Write step =
          Transitions.failed(stored == null ? null : LetterRow.head(stored), entry.facts(), now);
      LetterHead head = step.head().withChange(++change);
      rows.put(key, LetterRow.encode(head, entry.detail().array()));
      Objects.requireNonNull(output).letter(entry.id(), head, step.told(), Cause.UNKNOWN, now);
      processed.increment();
    }
  }
}
