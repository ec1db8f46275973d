// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.codec.CommandJson;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What pipelines and people write to the topics that Redrive reads. */
public final class Traffic implements AutoCloseable {
  private static final String PIPELINE = "orders";

  private final Installation installation;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Future<RecordMetadata>> sends = new ArrayList<>();

  public Traffic(Installation installation) {
    this.installation = installation;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                installation.bootstrapServers(),
                "linger.ms",
                5,
                // A partition that was just made may take the second request before the first.
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  public static LetterId letter(int number) {
    return LetterId.of(PIPELINE, recordId(number));
  }

  public static String commandId(int number) {
    return "replay-" + number;
  }

  static byte[] value(int number) {
    return "{\"order\":%d,\"note\":\"%s\"}".formatted(number, "x".repeat(200)).getBytes(UTF_8);
  }

  /** One letter in ten fails a second time. */
  public static int failuresOf(int number) {
    return number % 10 == 0 ? 2 : 1;
  }

  public static int failures(int from, int to) {
    return IntStream.range(from, to).map(Traffic::failuresOf).sum();
  }

  public void fail(int from, int to) {
    for (int number = from; number < to; number++) {
      for (int failure = 0; failure < failuresOf(number); failure++) {
        ProducerRecord<byte[], byte[]> record = record("errors", recordId(number), value(number));
        record.headers().add("redrive-pipeline-id", PIPELINE.getBytes(UTF_8));
        record.headers().add("redrive-record-id", recordId(number).getBytes(UTF_8));
        record.headers().add("redrive-error-code", ("E" + number % 7).getBytes(UTF_8));
        send(record);
      }
    }
    arrived();
  }

  public void replay(int from, int to) {
    for (int number = from; number < to; number++) {
      var meta = new Command.Meta(commandId(number), commandId(number), "tester", null, null);
      var command = new LetterCommand(LetterCommand.Type.REPLAY, meta, letter(number), null, null);
      send(record("commands", commandId(number), CommandJson.write(command)));
    }
    arrived();
  }

  /** Sends a command as it is. */
  public void command(String json) {
    send(record("commands", "command", json.getBytes(UTF_8)));
    arrived();
  }

  public void tell(int from, int to, String outcome) {
    for (int number = from; number < to; number++) {
      ProducerRecord<byte[], byte[]> record = record("outcomes", recordId(number), null);
      record.headers().add("redrive-letter-id", letter(number).toString().getBytes(UTF_8));
      record.headers().add("redrive-attempt", "1".getBytes(UTF_8));
      record.headers().add("redrive-outcome", outcome.getBytes(UTF_8));
      send(record);
    }
    arrived();
  }

  @Override
  public void close() {
    producer.close();
  }

  private ProducerRecord<byte[], byte[]> record(String kind, String key, byte[] value) {
    return new ProducerRecord<>(installation.topic(kind), key.getBytes(UTF_8), value);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    sends.add(producer.send(record));
  }

  /** Waits until the broker has all of it. */
  private void arrived() {
    producer.flush();
    try {
      for (Future<RecordMetadata> send : sends) {
        send.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("the test could not send", e);
    }
    sends.clear();
  }

  private static String recordId(int number) {
    return "order-" + number;
  }
}
