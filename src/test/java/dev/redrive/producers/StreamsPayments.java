// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka Streams application that books payments while its bank answers. What it cannot process,
 * Streams itself sends to the error topic (KIP-1034). It reads the retry topic beside its own, and
 * tells the outcome of a replay in the transaction that books it.
 */
final class StreamsPayments implements AutoCloseable {
  static final String TOPIC = "payments";
  static final String RETRY = "payments-retry";
  static final String ERRORS = "payments-errors";
  static final String BOOKED = "payments-booked";
  private static final byte @Nullable [] NOTHING = null;
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
    topology.addSource(
        "payments", new ByteArrayDeserializer(), new ByteArrayDeserializer(), TOPIC, RETRY);
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
    properties.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, ERRORS);
    properties.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndContinueProcessingExceptionHandler.class);
    return properties;
  }

  private final class Booking extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> payment) {
      seen.add(payment.withHeaders(new RecordHeaders(payment.headers())));
      if (!bankAnswers.get()) {
        throw new IllegalStateException("the bank does not answer");
      }
      context().forward(payment, "booked");
      if (payment.headers().lastHeader("redrive-letter-id") != null) {
        context().forward(payment.withValue(NOTHING).withHeaders(succeeded(payment)), "outcomes");
      }
    }

    private static Headers succeeded(Record<byte[], byte[]> payment) {
      Headers headers = new RecordHeaders();
      Arrays.stream(payment.headers().toArray())
          .filter(header -> header.key().startsWith("redrive-"))
          .forEach((Header header) -> headers.add(header));
      return headers.add("redrive-outcome", "succeeded".getBytes(UTF_8));
    }
  }
}
