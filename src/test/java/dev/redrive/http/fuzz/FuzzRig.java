// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.config.KeyHash;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A Redrive with keys, and pipelines that go on failing while it is asked: letters of all kinds
 * come, are retried, and some retries succeed.
 */
final class FuzzRig implements AutoCloseable {
  static final String ADMIN = "fuzz-admin";
  static final String OPERATOR = "fuzz-operator";
  static final String VIEWER = "fuzz-viewer";
  static final String ONLY_A = "fuzz-only-a";

  /** Stands in every letter of pipeline b, and in none of a. */
  static final String SECRET_OF_B = "b-and-nobody-else";

  private static final Duration POLL = Duration.ofMillis(20);
  private static final String ERRORS = "redrive-errors";

  private final LiveRedrive live;
  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> retries;
  private final Random random;
  private int sent;

  private FuzzRig(LiveRedrive live, Random random) {
    this.live = live;
    this.random = random;
    this.topics = new Topics(live.bootstrapServers());
    this.retries =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", live.bootstrapServers(),
                "group.id", "pipelines",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    retries.subscribe(List.of("redrive-retry"));
  }

  static FuzzRig start(Path dir, Random random) throws Exception {
    Map<String, String> settings = new HashMap<>();
    key(settings, 0, "ada", ADMIN, "admin");
    key(settings, 1, "olga", OPERATOR, "operator");
    key(settings, 2, "vic", VIEWER, "viewer");
    key(settings, 3, "al", ONLY_A, "operator");
    settings.put("auth.keys[3].pipelines[0]", "a");
    settings.put("pipelines[0].id", "a");
    settings.put("pipelines[0].name", "the first");
    settings.put("pipelines[0].masks.paths", "$.secret");
    settings.put("replay.settle-timeout", "5s");
    // On a busy machine a command takes its time; 503 says so, and is not what is looked for here.
    settings.put("http.wait", "60s");
    return new FuzzRig(LiveRedrive.start(dir, settings), random);
  }

  int port() {
    return live.redrive().httpPort();
  }

  /** How many letters there are. */
  int letters() throws Exception {
    Question stats =
        new Question(
            "GET",
            "/api/dlq/stats",
            List.of(new Question.Header("x-api-key", ADMIN)),
            null,
            false,
            false);
    String body = new Asker(port()).ask(stats).body();
    return new ObjectMapper().readTree(body).at("/data/total_entries").asInt();
  }

  /** Whether it still does what it is for. */
  boolean well() {
    return live.redrive().alive() && live.redrive().ready();
  }

  /** More letters, and news of some of the replays. */
  void goOn(int letters) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < letters; i++) {
      records.add(failed(sent++));
    }
    for (ConsumerRecord<byte[], byte[]> replay : retries.poll(POLL)) {
      int fate = random.nextInt(4);
      if (fate > 0) {
        records.add(news(replay, fate == 1 ? "failed" : "succeeded"));
      }
    }
    topics.send(records);
  }

  private ProducerRecord<byte[], byte[]> failed(int n) {
    String pipeline =
        List.of("a", "b", "orders", "ünï/cøde pipeline, with all " + n % 3).get(n % 4);
    String record = "r-" + n % 400;
    return switch (n % 10) {
      case 0 -> new ProducerRecord<>(ERRORS, bytes(record), bytes("no headers at all " + n));
      case 1 -> ours(pipeline, record, null);
      case 2 -> ours(pipeline, record, ByteBuffer.allocate(8).putLong(-n).array());
      case 3 -> ours(pipeline, record, bytes("{\"big\":\"" + "x".repeat(60_000) + "\"}"));
      case 4 -> delivery(n);
      case 5 -> batch(pipeline, n);
      case 6 -> spring(n);
      case 7 ->
          ours(
              pipeline,
              record,
              bytes("{\"n\":1e9999,\"deep\":" + "[".repeat(600) + "]".repeat(600) + "}"));
      default -> ours(pipeline, record, bytes(json(pipeline, n)));
    };
  }

  private static String json(String pipeline, int n) {
    return "{\"n\":%d,\"secret\":\"%s\",\"text\":\"é🙂\\u0000\"}"
        .formatted(n, pipeline.equals("b") ? SECRET_OF_B : "of another");
  }

  private ProducerRecord<byte[], byte[]> ours(String pipeline, String record, byte[] value) {
    ProducerRecord<byte[], byte[]> failed = new ProducerRecord<>(ERRORS, bytes("k"), value);
    Headers headers = failed.headers();
    headers.add("redrive-pipeline-id", bytes(pipeline));
    headers.add("redrive-record-id", bytes(record));
    headers.add("redrive-error-code", bytes(List.of("broken", "500", "é").get(sent % 3)));
    headers.add(
        "redrive-error-message", bytes("it failed " + (pipeline.equals("b") ? SECRET_OF_B : "")));
    headers.add("redrive-connection-id", bytes("conn_1"));
    headers.add("twice", null);
    headers.add("twice", new byte[] {(byte) 0xff, 0});
    return failed;
  }

  private static ProducerRecord<byte[], byte[]> delivery(int n) {
    String state = List.of("CALLBACK_FAIL", "CALLBACK_SUCCESS", "CALLBACK_INPROGRESS").get(n % 3);
    return envelope(
        """
        {"pipeline_id":"deliveries","record_id":"d-%d","labels":["first","second"],
         "error":{"code":"500","message":"it answered 500"},"payload_text":"body %d",
         "http":{"message_id":"msg_%d","workflow_run_id":"wfr_%d","workflow_url":"https://a.example/w",
         "url":"https://a.example/w/step?x=1,2","method":"POST","header":{"A":["b","c"]},
         "workflow_created_at":1700000000000,"caller_ip":"1.2.3.4","flow_control_key":"fk","queue_name":"queue",
         "response":{"status":500,"header":{"Via":"x"},"body_base64":"/w=="},
         "failure_callback":"https://a.example/failed","callback_state":"%s"}}"""
            .formatted(n % 200, n, n, n, state));
  }

  private static ProducerRecord<byte[], byte[]> batch(String pipeline, int n) {
    String secret = pipeline.equals("b") ? SECRET_OF_B : "";
    return envelope(
        """
        {"pipeline_id":"%s","error":{"code":"schema","class":"com.acme.Broken","message":"%s",
         "stack_trace":"com.acme.Broken: no\\n\\tat com.acme.Step.run(Step.java:%d)"},
         "records":[{"record_id":"b-%d","payload":{"n":1}},{"record_id":"c-%d","failure_kind":"verification"}]}"""
            .formatted(pipeline, secret, n % 50, n % 100, n % 100));
  }

  private static ProducerRecord<byte[], byte[]> envelope(String json) {
    ProducerRecord<byte[], byte[]> failed = new ProducerRecord<>(ERRORS, bytes(json));
    failed.headers().add("redrive-envelope", bytes("1"));
    return failed;
  }

  private static ProducerRecord<byte[], byte[]> spring(int n) {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>(ERRORS, bytes("{\"n\":" + n + "}"));
    Headers headers = failed.headers();
    headers.add("kafka_dlt-original-topic", bytes("orders"));
    headers.add("kafka_dlt-original-partition", ByteBuffer.allocate(4).putInt(0).array());
    headers.add("kafka_dlt-original-offset", ByteBuffer.allocate(8).putLong(n).array());
    headers.add("kafka_dlt-original-timestamp", ByteBuffer.allocate(8).putLong(1L).array());
    headers.add("kafka_dlt-exception-fqcn", bytes("java.lang.IllegalStateException"));
    headers.add("kafka_dlt-exception-message", bytes("no"));
    return failed;
  }

  private static ProducerRecord<byte[], byte[]> news(
      ConsumerRecord<byte[], byte[]> replay, String outcome) {
    ProducerRecord<byte[], byte[]> news = new ProducerRecord<>("redrive-outcomes", null, null);
    replay.headers().forEach(header -> news.headers().add(header));
    news.headers().add("redrive-outcome", bytes(outcome));
    return news;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void key(
      Map<String, String> settings, int n, String name, String key, String role) {
    settings.put("auth.keys[" + n + "].name", name);
    settings.put("auth.keys[" + n + "].sha256", KeyHash.of(key).hex());
    settings.put("auth.keys[" + n + "].role", role);
  }

  @Override
  public void close() {
    retries.close();
    live.close();
  }
}
