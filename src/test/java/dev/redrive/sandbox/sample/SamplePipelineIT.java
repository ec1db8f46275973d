// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.redrive.sandbox.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sample against a broker, with the test in Redrive's place. */
@Timeout(120)
class SamplePipelineIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final SampleTopics TOPICS = SampleTopics.DEFAULT;
  private static final int STORY = 11;

  @TempDir Path dir;
  private EmbeddedBroker broker;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void startBroker() throws Exception {
    broker = EmbeddedBroker.start(dir, 0, Map.of());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      List<NewTopic> topics =
          TOPICS.all().stream()
              .map(name -> new NewTopic(name, Optional.of(2), Optional.empty()))
              .toList();
      admin.createTopics(topics).all().get();
    }
    producer = new KafkaProducer<>(clients(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stopBroker() {
    producer.close();
    broker.close();
  }

  @Test
  void everyKindOfFailureIsDeadLetteredOnce() {
    try (SamplePipeline sample = sample()) {
      Instant started = Instant.now();
      List<ConsumerRecord<byte[], byte[]>> letters = all(TOPICS.errors(), STORY);

      assertThat(Duration.between(started, Instant.now())).isLessThan(Duration.ofSeconds(15));
      assertThat(letters.stream().collect(groupingBy(this::code, counting())))
          .isEqualTo(
              Map.of(
                  "bad_json", 2L,
                  "duplicate_key", 2L,
                  "gateway_timeout", 3L,
                  "amount_mismatch", 1L,
                  "http_500", 2L,
                  "http_503", 1L));
      assertThat(letters).extracting(this::recordId).doesNotHaveDuplicates();
    }
  }

  @Test
  void aDeadLetterIsTheRecordWithEverythingKnownOfItsFailure() {
    try (SamplePipeline sample = sample()) {
      ConsumerRecord<byte[], byte[]> letter =
          all(TOPICS.errors(), STORY).stream()
              .filter(record -> "duplicate_key".equals(code(record)))
              .findFirst()
              .orElseThrow();

      assertThat(letter.key()).asString(UTF_8).isEqualTo("evt-1005");
      assertThat(letter.value()).asString(UTF_8).contains("\"order_id\":\"ord-1002\"");
      assertThat(headers(letter))
          .containsEntry("event-id", "evt-1005")
          .containsEntry("redrive-pipeline-id", "orders")
          .containsEntry("redrive-record-id", "evt-1005")
          .containsEntry("redrive-connection-id", "postgres-orders")
          .containsEntry("redrive-failure-kind", "exception")
          .containsEntry("redrive-error-class", "java.lang.IllegalStateException")
          .containsEntry(
              "redrive-error-root-cause", "java.sql.SQLIntegrityConstraintViolationException")
          .containsEntry("redrive-retry-count", "0")
          .containsEntry("redrive-source-topic", "sample-orders")
          .containsEntry("redrive-source-partition", "0")
          .containsEntry("redrive-source-offset", "4")
          .containsEntry("redrive-metadata-team", "checkout")
          .containsKeys("redrive-pipeline-run-id", "redrive-source-timestamp")
          .hasEntrySatisfying(
              "redrive-failed-at", time -> assertThat(Instant.parse(time)).isNotNull())
          .hasEntrySatisfying(
              "redrive-error-stack-trace",
              trace -> assertThat(trace).contains("Caused by:", "OrderTable.insert"));
      assertThat(letter.headers().headers("redrive-label"))
          .extracting(header -> new String(header.value(), UTF_8))
          .containsExactly("checkout", "database");
    }
  }

  @Test
  void aFailedDeliveryIsAnEnvelopeWithRequestResponseAndCallback() throws Exception {
    try (SamplePipeline sample = sample()) {
      ConsumerRecord<byte[], byte[]> letter =
          all(TOPICS.errors(), STORY).stream()
              .filter(record -> "http_500".equals(code(record)))
              .findFirst()
              .orElseThrow();
      JsonNode json = JSON.readTree(letter.value());

      assertThat(headers(letter)).containsEntry("redrive-envelope", "1");
      assertThat(json.path("retry_count").asInt()).isEqualTo(SampleWorker.RETRIES);
      assertThat(new String(json.path("value").binaryValue(), UTF_8)).contains("order.placed");
      assertThat(json.at("/error/stack_trace").asText()).contains("WebhookWork.process");
      assertThat(json.at("/source/topic").asText()).isEqualTo("sample-webhooks");
      JsonNode http = json.path("http");
      assertThat(http.path("url").asText()).startsWith("http://127.0.0.1:").endsWith("/hooks/crm");
      assertThat(http.at("/response/status").asInt()).isEqualTo(500);
      assertThat(http.at("/response/body").asText()).contains("ContactController");
      assertThat(http.path("callback_state").asText()).isEqualTo("CALLBACK_FAIL");
      assertThat(http.at("/failure_callback_response/status").asInt()).isEqualTo(500);
    }
  }

  @Test
  void aReplayThatWorksIsToldAndOneThatFailsComesBackAsTheSameLetter() throws Exception {
    try (SamplePipeline sample = sample()) {
      List<ConsumerRecord<byte[], byte[]>> letters = all(TOPICS.errors(), STORY);
      ConsumerRecord<byte[], byte[]> timedOut =
          letters.stream().filter(r -> "pay-2002".equals(recordId(r))).findFirst().orElseThrow();
      ConsumerRecord<byte[], byte[]> broken =
          letters.stream().filter(r -> "evt-1003".equals(recordId(r))).findFirst().orElseThrow();
      long outageOver = timedOut.timestamp() + LocalServices.OUTAGE.toMillis();
      await().until(() -> System.currentTimeMillis() > outageOver);

      replay(timedOut, "payments", "dlq_one");
      replay(broken, "orders", "dlq_two");

      JsonNode outcome = JSON.readTree(all(TOPICS.outcomes(), 1).get(0).value());
      assertThat(outcome)
          .isEqualTo(
              JSON.readTree(
                  """
                  {"letter_id":"dlq_one","run_id":"run_x","attempt":2,"outcome":"succeeded"}"""));
      ConsumerRecord<byte[], byte[]> again =
          all(TOPICS.errors(), STORY + 1).stream()
              .filter(record -> record.headers().lastHeader("redrive-letter-id") != null)
              .findFirst()
              .orElseThrow();
      assertThat(again.value()).isEqualTo(broken.value());
      assertThat(headers(again))
          .containsEntry("redrive-letter-id", "dlq_two")
          .containsEntry("redrive-run-id", "run_x")
          .containsEntry("redrive-attempt", "2")
          .containsEntry("redrive-record-id", "evt-1003")
          .containsEntry("redrive-error-code", "bad_json")
          .containsEntry("redrive-source-topic", "redrive-retry");
    }
  }

  @Test
  void aRestartTellsNothingTwiceAndForgetsNothing() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> letters;
    try (SamplePipeline sample = sample()) {
      letters = all(TOPICS.errors(), STORY);
    }
    ConsumerRecord<byte[], byte[]> duplicate =
        letters.stream().filter(r -> "evt-1005".equals(recordId(r))).findFirst().orElseThrow();
    try (SamplePipeline sample = sample()) {
      replay(duplicate, "orders", "dlq_two");

      List<ConsumerRecord<byte[], byte[]>> more = all(TOPICS.errors(), STORY + 1);
      assertThat(more).hasSize(STORY + 1);
      assertThat(more.stream().filter(r -> "duplicate_key".equals(code(r)))).hasSize(3);
    }
  }

  @Test
  void aRecordThatSomebodyWritesByHandFailsToo() throws Exception {
    try (SamplePipeline sample = sample()) {
      all(TOPICS.errors(), STORY);
      producer.send(new ProducerRecord<>("sample-orders", "oops".getBytes(UTF_8))).get();
      producer.send(new ProducerRecord<>("sample-payments", null)).get();

      assertThat(all(TOPICS.errors(), STORY + 2))
          .filteredOn(record -> recordId(record).startsWith("sample-"))
          .extracting(this::code)
          .containsExactlyInAnyOrder("bad_json", "amount_mismatch");
    }
  }

  private SamplePipeline sample() {
    return SamplePipeline.start(Map.of("bootstrap.servers", broker.bootstrapServers()), TOPICS);
  }

  private Map<String, Object> clients() {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  /** As Redrive sends it: the record and its own headers, and those that name the letter. */
  private void replay(ConsumerRecord<byte[], byte[]> letter, String pipeline, String letterId)
      throws Exception {
    RecordHeaders headers = new RecordHeaders();
    for (Header header : letter.headers()) {
      if (!header.key().startsWith("redrive-")) {
        headers.add(header);
      }
    }
    Map<String, String> ours =
        Map.of(
            "redrive-letter-id",
            letterId,
            "redrive-pipeline-id",
            pipeline,
            "redrive-record-id",
            recordId(letter),
            "redrive-run-id",
            "run_x",
            "redrive-attempt",
            "2");
    ours.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
    producer
        .send(new ProducerRecord<>(TOPICS.retry(), null, letter.key(), letter.value(), headers))
        .get();
  }

  /** All records of a topic, from the first, as soon as there are so many. */
  private List<ConsumerRecord<byte[], byte[]>> all(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(clients(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Set<TopicPartition> partitions =
          Set.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (records.size() < count) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    return records;
  }

  private String code(ConsumerRecord<byte[], byte[]> letter) {
    String code = headers(letter).get("redrive-error-code");
    return code == null ? envelope(letter).at("/error/code").asText() : code;
  }

  private String recordId(ConsumerRecord<byte[], byte[]> letter) {
    String id = headers(letter).get("redrive-record-id");
    return id == null ? envelope(letter).path("record_id").asText() : id;
  }

  private static JsonNode envelope(ConsumerRecord<byte[], byte[]> letter) {
    try {
      return JSON.readTree(letter.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> letter) {
    return StreamSupport.stream(letter.headers().spliterator(), false)
        .collect(toMap(Header::key, header -> new String(header.value(), UTF_8), (a, b) -> b));
  }
}
