// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A Kafka Streams application as our guide has it, which books payments while its bank answers.
 * What it cannot process, Streams itself sends to the error topic (KIP-1034). It reads the retry
 * topic beside its own, and tells the outcome of a replay in the transaction that books it.
 */
final class StreamsPayments implements AutoCloseable {
  static final String BOOKED = "payments-booked";
  private static final Duration STOP = Duration.ofSeconds(20);

  private final List<Record<byte[], byte[]>> seen = new CopyOnWriteArrayList<>();
  private final AtomicBoolean bankAnswers = new AtomicBoolean();
  private final KafkaStreams streams;

  private StreamsPayments(String bootstrapServers, Path stateDir) {
    streams = new KafkaStreams(topology(), properties(bootstrapServers, stateDir));
  }

  static StreamsPayments start(String bootstrapServers, Path stateDir) {
    StreamsPayments payments = new StreamsPayments(bootstrapServers, stateDir);
    payments.streams.start();
    return payments;
  }

  void bankAnswersAgain() {
    bankAnswers.set(true);
  }

  /** In order, each time that one was processed. */
  List<Record<byte[], byte[]>> seen() {
    return seen;
  }

  @Override
  public void close() {
    streams.close(STOP);
  }

  private Topology topology() {
    Topology topology = new Topology();
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    topology.addSource("payments", bytes, bytes, "payments", "payments-retry");
    topology.addProcessor("book", Booking::new, "payments");
    addSink(topology, "booked", BOOKED);
    addSink(topology, "outcomes", "redrive-outcomes");
    return topology;
  }

  private static void addSink(Topology topology, String name, String topic) {
    topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), "book");
  }

  private static Properties properties(String bootstrapServers, Path stateDir) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "payments-application");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put("errors.dead.letter.queue.topic.name", "payments-errors");
    properties.put("processing.exception.handler", LogAndContinueProcessingExceptionHandler.class);
    properties.put("deserialization.exception.handler", LogAndContinueExceptionHandler.class);
    return properties;
  }

  private final class Booking extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> record) {
      seen.add(record.withHeaders(new RecordHeaders(record.headers())));
      if (!bankAnswers.get()) {
        throw new IllegalStateException("the bank does not answer");
      }
      context().forward(record, "booked");
      if (record.headers().lastHeader("redrive-letter-id") != null) {
        Headers told = new RecordHeaders();
        for (Header header : record.headers()) {
          if (header.key().startsWith("redrive-")) {
            told.add(header);
          }
        }
        told.add("redrive-outcome", "succeeded".getBytes(UTF_8));
        context().forward(record.withValue((byte[]) null).withHeaders(told), "outcomes");
      }
    }
  }
}
