// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.config.KeyHash;
import dev.redrive.http.Api;
import dev.redrive.http.Api.Reply;
import dev.redrive.http.Calls;
import dev.redrive.http.Contract;
import dev.redrive.letter.LetterId;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A running Redrive on a broker, and the pipelines around it: they fail records, take them back
 * from the retry topics and say how it went. Each statement has pipelines of its own.
 */
final class Running implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(90);

  private static final Duration POLL = Duration.ofMillis(100);

  private final LiveRedrive live;
  private final Calls calls;
  private final Topics topics;
  private final KafkaConsumer<byte[], byte[]> retries;
  private final List<ConsumerRecord<byte[], byte[]>> replays = new ArrayList<>();

  private Running(LiveRedrive live) throws Exception {
    this.live = live;
    this.calls = new Calls(live.redrive().httpPort(), new Contract());
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
    topics.create(1, "s15-retry", "orders");
    retries.subscribe(List.of("redrive-retry", "s15-retry"));
  }

  static Running start(Path dir) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("auth.keys[0].name", "ada");
    settings.put("auth.keys[0].sha256", KeyHash.of(Api.ADMIN).hex());
    settings.put("auth.keys[0].role", "admin");
    settings.put("pipelines[0].id", "s12");
    settings.put("pipelines[0].name", "the twelfth");
    settings.put("pipelines[1].id", "s15");
    settings.put("pipelines[1].retry-topic", "s15-retry");
    settings.put("http.wait", "40s");
    return new Running(LiveRedrive.start(dir, settings));
  }

  int port() {
    return live.redrive().httpPort();
  }

  Topics topics() {
    return topics;
  }

  Reply get(String path) {
    return calls.call("GET", path, Api.ADMIN, null);
  }

  Reply post(String path, String body) {
    return calls.call("POST", path, Api.ADMIN, body, "Content-Type", "application/json");
  }

  Reply call(String method, String path, String key, String... headers) {
    return calls.call(method, path, key, null, headers);
  }

  Reply delete(String path) {
    return calls.call("DELETE", path, Api.ADMIN, null);
  }

  /** A record that failed; returns when its letter can be read. */
  LetterId fail(String pipeline, String record, String... more) throws Exception {
    fail(List.of(failed(pipeline, record, more)));
    LetterId id = LetterId.of(pipeline, record);
    await().atMost(SOON).until(() -> get("/api/dlq/" + id).status() == 200);
    return id;
  }

  /** So many records, named r0 and on; returns when all of their letters can be read. */
  void failMany(String pipeline, int count, String... more) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(failed(pipeline, "r" + i, more));
    }
    fail(records);
    await().atMost(SOON).until(() -> count(pipeline) >= count);
  }

  void fail(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    topics.send(records);
  }

  /** A record of an error topic; more headers are names and values in turn. */
  static ProducerRecord<byte[], byte[]> failed(String pipeline, String record, String... more) {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>("redrive-errors", bytes(record), bytes("{\"of\":\"" + record + "\"}"));
    failed.headers().add("redrive-pipeline-id", bytes(pipeline));
    failed.headers().add("redrive-record-id", bytes(record));
    failed.headers().add("redrive-error-code", bytes("broken"));
    for (int i = 0; i < more.length; i += 2) {
      failed.headers().remove(more[i]);
      failed.headers().add(more[i], bytes(more[i + 1]));
    }
    return failed;
  }

  /** An envelope of our own dialect; returns when the letter can be read. */
  LetterId envelope(String json, String pipeline, String record) throws Exception {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>("redrive-errors", null, bytes(json));
    failed.headers().add("redrive-envelope", bytes("1"));
    fail(List.of(failed));
    LetterId id = LetterId.of(pipeline, record);
    await().atMost(SOON).until(() -> get("/api/dlq/" + id).status() == 200);
    return id;
  }

  long count(String pipeline) {
    return get("/api/dlq/stats?pipeline_id=" + pipeline).json().at("/data/total_entries").asLong();
  }

  /** All pages of the desk's list. */
  List<JsonNode> letters(String filters) {
    List<JsonNode> letters = new ArrayList<>();
    String cursor = "";
    while (true) {
      Reply reply = get("/api/dlq?limit=50&" + filters + cursor);
      assertThat(reply.status()).as(reply.text()).isEqualTo(200);
      JsonNode page = reply.json();
      page.at("/data").forEach(letters::add);
      JsonNode next = page.at("/meta/page/cursor");
      if (next.isNull()) {
        return letters;
      }
      cursor = "&cursor=" + next.asText();
    }
  }

  /** Records that were sent back to a pipeline, when there are so many. */
  List<ConsumerRecord<byte[], byte[]>> replays(String pipeline, int count) {
    await()
        .atMost(SOON)
        .until(
            () -> {
              retries.poll(POLL).forEach(replays::add);
              return of(pipeline).size() >= count;
            });
    return of(pipeline);
  }

  /** What a pipeline got so far. */
  List<ConsumerRecord<byte[], byte[]>> of(String pipeline) {
    return replays.stream()
        .filter(replay -> header(replay, "redrive-pipeline-id").equals(pipeline))
        .toList();
  }

  /** The pipeline processed it. */
  void succeed(ConsumerRecord<byte[], byte[]> replay) throws Exception {
    ProducerRecord<byte[], byte[]> news = new ProducerRecord<>("redrive-outcomes", null, null);
    replay.headers().forEach(header -> news.headers().add(header));
    news.headers().add("redrive-outcome", bytes("succeeded"));
    topics.send(List.of(news));
  }

  /** The pipeline failed again, and sent the record to its error topic once more. */
  void failAgain(ConsumerRecord<byte[], byte[]> replay, String message) throws Exception {
    ProducerRecord<byte[], byte[]> failed =
        new ProducerRecord<>("redrive-errors", null, replay.key(), replay.value());
    replay.headers().forEach(header -> failed.headers().add(header));
    failed.headers().add("redrive-error-code", bytes("broken"));
    failed.headers().add("redrive-error-message", bytes(message));
    topics.send(List.of(failed));
  }

  /** Starts a run of the pipelines family over what waits; its id. */
  String process(String pipeline, String body) {
    Reply reply = post("/v2/pipelines/" + pipeline + "/dead_letters/process", body);
    assertThat(reply.status()).as(reply.text()).isEqualTo(201);
    return reply.json().at("/id").asText();
  }

  /** The run, when it is completed. */
  JsonNode completed(String pipeline, String run) {
    String path = "/v2/pipelines/" + pipeline + "/runs/" + run;
    await().atMost(SOON).until(() -> get(path).json().at("/status").asText().equals("completed"));
    return get(path).json();
  }

  JsonNode entry(String pipeline, LetterId id) {
    return get("/v2/pipelines/" + pipeline + "/dead_letters/" + id.pipelinesText()).json();
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public void close() {
    retries.close();
    live.close();
  }
}
