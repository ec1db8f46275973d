// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.codec.CommandJson;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.command.RunControl;
import dev.redrive.store.ServedChangeQuery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands over the command topic, the only way in, and waits for their answers on the
 * results topic and then until the change can be read. Threads may share one.
 */
public final class CommandClient implements CommandSender, AutoCloseable {

  /** More requests than this at once are refused, so that a silent ledger can't fill the memory. */
  private static final int MAX_WAITING = 1_000;

  /** To hand a command over is quick or fails; how long its effect may take is a setting. */
  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  private static final long SERVED_PAUSE_MS = 5;
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final ResultsInbox results;
  private final Partitions partitions;
  private final Duration wait;

  private CommandClient(
      String topic,
      Producer<byte[], byte[]> producer,
      ResultsInbox results,
      Partitions partitions,
      Duration wait) {
    this.topic = topic;
    this.producer = producer;
    this.results = results;
    this.partitions = partitions;
    this.wait = wait;
  }

  /** The two topics it works with; both must exist before {@link #start}. */
  public record Topics(String commands, String results) {}

  /**
   * Connects; close it to disconnect.
   *
   * @param kafka client settings, such as {@code bootstrap.servers} and security
   * @param wait how long one command is waited for
   */
  public static CommandClient start(
      Map<String, Object> kafka, Topics topics, Partitions partitions, Duration wait) {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            producerSettings(kafka), new ByteArraySerializer(), new ByteArraySerializer());
    ResultsInbox results =
        new ResultsInbox(
            topics.results(),
            () ->
                new KafkaConsumer<>(
                    consumerSettings(kafka),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer()));
    return new CommandClient(topics.commands(), producer, results, partitions, wait);
  }

  @Override
  public Sent send(Command command) {
    return sendAll(List.of(command)).get(0);
  }

  @Override
  public List<Sent> sendAll(List<Command> commands) {
    long start = System.nanoTime();
    List<Flight> flights = commands.stream().map(command -> handOver(command, start)).toList();
    List<Sent> sent = new ArrayList<>();
    try {
      flights.forEach(flight -> sent.add(awaited(flight, start)));
    } finally {
      flights.forEach(flight -> results.forget(flight.command.meta().requestId()));
    }
    return sent;
  }

  @Override
  public void close() {
    producer.close(CLOSE);
    results.close();
  }

  /**
   * A command that was handed to the producer.
   *
   * @param failed what became of it where it was not taken
   */
  private record Flight(
      Command command,
      CompletableFuture<Answer> answer,
      Future<?> written,
      @Nullable String failed) {}

  private Flight handOver(Command command, long start) {
    CompletableFuture<?> none = CompletableFuture.completedFuture(null);
    if (results.size() >= MAX_WAITING) {
      return new Flight(
          command, new CompletableFuture<>(), none, "too many requests wait for an answer");
    }
    CompletableFuture<Answer> answer = results.expect(command.meta().requestId());
    try {
      if (!results.follows(millisTo(start + HAND_OVER.toNanos()))) {
        return new Flight(command, answer, none, "the results topic can't be read");
      }
      byte[] key = key(command).getBytes(StandardCharsets.UTF_8);
      Future<?> written =
          producer.send(new ProducerRecord<>(topic, key, CommandJson.write(command)));
      return new Flight(command, answer, written, null);
    } catch (KafkaException e) {
      return new Flight(command, answer, none, notTaken(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Flight(command, answer, none, "it was interrupted");
    }
  }

  private Sent awaited(Flight flight, long start) {
    String id = flight.command.meta().commandId();
    if (flight.failed != null) {
      return new Sent.Unsent(id, flight.failed);
    }
    try {
      flight.written.get(millisTo(start + HAND_OVER.toNanos()), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return new Sent.Unsent(id, notTaken(e.getCause() == null ? e : e.getCause()));
    } catch (TimeoutException e) {
      return new Sent.Unsent(id, "the command topic took no record in time; it may still be sent");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Sent.Pending(id);
    }
    long deadline = start + wait.toNanos();
    try {
      Answer told = flight.answer.get(millisTo(deadline), TimeUnit.MILLISECONDS);
      return readable(told, deadline) ? new Sent.Done(told) : new Sent.Pending(id);
    } catch (TimeoutException e) {
      return new Sent.Pending(id);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Sent.Pending(id);
    } catch (ExecutionException e) {
      throw new IllegalStateException("answers never fail", e);
    }
  }

  private static String notTaken(Throwable why) {
    return "the command topic took no record: " + why.getMessage();
  }

  /** What keeps the commands on one letter or run in their order. */
  private static String key(Command command) {
    if (command instanceof LetterCommand letter) {
      return letter.letter().toString();
    }
    return command instanceof RunControl control ? control.runId() : command.meta().commandId();
  }

  /** Waits until the active of the answer's partition serves its change. */
  private boolean readable(Answer answer, long deadline) throws InterruptedException {
    Answer.Seen seen = answer.seen();
    if (seen == null) {
      return true;
    }
    while (true) {
      var served = partitions.ask(new ServedChangeQuery(), Set.of(seen.partition()));
      if (served.get(seen.partition()) instanceof PartitionAnswer.Served<Long> now
          && now.value() >= seen.change()) {
        return true;
      }
      long left = millisTo(deadline);
      if (left <= 0) {
        return false;
      }
      Thread.sleep(Math.min(SERVED_PAUSE_MS, left));
    }
  }

  private static long millisTo(long deadline) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
  }

  private static Map<String, Object> producerSettings(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "redrive-commands");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // A command whose caller has gone must not be sent minutes later.
    int limit = (int) HAND_OVER.toMillis();
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, limit);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, limit);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, limit);
    return settings;
  }

  private static Map<String, Object> consumerSettings(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "redrive-results");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return settings;
  }
}
