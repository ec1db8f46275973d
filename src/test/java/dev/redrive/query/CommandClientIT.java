// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.AnswerJson;
import dev.redrive.codec.CommandJson;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.letter.LetterId;
import dev.redrive.sandbox.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandClientIT {
  private static final String COMMANDS = "redrive-commands";
  private static final String RESULTS = "redrive-results";

  private final MemoryLedger ledger = new MemoryLedger();
  private EmbeddedBroker broker;
  private Map<String, Object> kafka;
  private CommandClient client;
  private Ledger answering;

  @BeforeAll
  void start(@TempDir Path dir) throws Exception {
    broker = EmbeddedBroker.start(dir, 0, Map.of());
    kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      admin
          .createTopics(
              List.of(new NewTopic(COMMANDS, 1, (short) 1), new NewTopic(RESULTS, 3, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    // What lies there from before must not be taken for an answer, nor get in the way.
    answering = new Ledger();
    answering.write("not JSON");
    client = start(Duration.ofSeconds(20));
  }

  @AfterAll
  void stop() {
    client.close();
    answering.close();
    broker.close();
  }

  @Test
  void manyAtOnceGetTheirOwnAnswers() {
    ExecutorService threads = Executors.newFixedThreadPool(40);
    try {
      List<CompletableFuture<Sent>> sent =
          IntStream.range(0, 120)
              .mapToObj(i -> command("many-" + i))
              .map(command -> CompletableFuture.supplyAsync(() -> client.send(command), threads))
              .toList();
      for (int i = 0; i < sent.size(); i++) {
        Sent.Done done = (Sent.Done) sent.get(i).join();
        assertThat(done.answer().commandId()).isEqualTo("many-" + i);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void anAnswerWhoseChangeIsNotServedInTimeIsPending() {
    try (CommandClient quick = start(Duration.ofMillis(1_500))) {
      assertThat(quick.send(command("change-far"))).isEqualTo(new Sent.Pending("change-far"));
    }
  }

  @Test
  void waitsUntilTheChangeIsServed() {
    CompletableFuture<Sent> sent =
        CompletableFuture.supplyAsync(() -> client.send(command("change-near")));
    answering.awaitAnswered("change-near");
    assertThat(sent).isNotDone();
    ledger.served = Ledger.NEAR;
    assertThat(sent).succeedsWithin(Duration.ofSeconds(20)).isInstanceOf(Sent.Done.class);
  }

  @Test
  void silenceIsPending() {
    try (CommandClient quick = start(Duration.ofMillis(1_500))) {
      assertThat(quick.send(command("silent"))).isEqualTo(new Sent.Pending("silent"));
    }
  }

  @Test
  void anAbortedAnswerIsNone() {
    Sent.Done done = (Sent.Done) client.send(command("abort-first"));
    assertThat(done.answer().runId()).isEqualTo("run_committed");
  }

  @Test
  void aBrokerThatTakesNothingIsSaid(@TempDir Path dir) throws Exception {
    EmbeddedBroker other = EmbeddedBroker.start(dir, 0, Map.of());
    Map<String, Object> there = Map.of("bootstrap.servers", other.bootstrapServers());
    try (Admin admin = Admin.create(there)) {
      admin.createTopics(List.of(new NewTopic(RESULTS, 1, (short) 1))).all().get();
    }
    try (CommandClient lost =
        CommandClient.start(
            there, new CommandClient.Topics(COMMANDS, RESULTS), ledger, Duration.ofSeconds(1))) {
      other.close();
      assertThat(lost.send(command("lost"))).isInstanceOf(Sent.Unsent.class);
    }
  }

  private CommandClient start(Duration wait) {
    return CommandClient.start(kafka, new CommandClient.Topics(COMMANDS, RESULTS), ledger, wait);
  }

  private static LetterCommand command(String id) {
    var meta = new Command.Meta(id, UUID.randomUUID().toString(), "tester", null, null);
    return new LetterCommand(LetterCommand.Type.DISCARD, meta, LetterId.of("p", id), null, null);
  }

  /** Answers commands as the real one would, in transactions. */
  private final class Ledger implements AutoCloseable {
    static final long NEAR = 50;
    static final long FAR = 1_000_000;

    private final KafkaConsumer<byte[], byte[]> commands =
        new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    private final KafkaProducer<byte[], byte[]> results =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test-ledger"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final Map<String, CompletableFuture<Void>> answered =
        new java.util.concurrent.ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "test-ledger");
    private volatile boolean closed;

    Ledger() {
      var partition = List.of(new TopicPartition(COMMANDS, 0));
      commands.assign(partition);
      commands.seekToBeginning(partition);
      results.initTransactions();
      thread.setDaemon(true);
      write("{}");
      thread.start();
    }

    void write(String text) {
      synchronized (results) {
        results.beginTransaction();
        send(text.getBytes(StandardCharsets.UTF_8));
        results.commitTransaction();
      }
    }

    void awaitAnswered(String commandId) {
      assertThat(answered.computeIfAbsent(commandId, id -> new CompletableFuture<>()))
          .succeedsWithin(Duration.ofSeconds(30));
    }

    @Override
    public void close() {
      closed = true;
      try {
        thread.join(10_000);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      commands.close();
      results.close();
    }

    private void run() {
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : commands.poll(Duration.ofMillis(100))) {
          CommandJson.Reading reading = CommandJson.read(record.value(), "none", "none");
          answer((LetterCommand) ((CommandJson.Read) reading).command());
        }
      }
    }

    private void answer(LetterCommand command) {
      String id = command.meta().commandId();
      if (id.equals("silent")) {
        return;
      }
      synchronized (results) {
        if (id.equals("abort-first")) {
          results.beginTransaction();
          send(AnswerJson.write(answer(command, "run_aborted", 1)));
          results.flush();
          results.abortTransaction();
        }
        long change = id.equals("change-far") ? FAR : id.equals("change-near") ? NEAR : 1;
        results.beginTransaction();
        send(AnswerJson.write(answer(command, "run_committed", change)));
        results.commitTransaction();
      }
      answered.computeIfAbsent(id, none -> new CompletableFuture<>()).complete(null);
    }

    private Answer answer(LetterCommand command, String run, long change) {
      return new Answer(
          command.meta().commandId(),
          command.meta().requestId(),
          null,
          false,
          command.letter(),
          run,
          new Answer.Seen(0, change));
    }

    private void send(byte[] value) {
      var unused = results.send(new ProducerRecord<>(RESULTS, value));
    }
  }
}
