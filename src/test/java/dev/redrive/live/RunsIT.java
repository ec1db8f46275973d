// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.DeskClient.Reply;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a real broker, started and watched over HTTP as people do. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RunsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int RACES = Boolean.getBoolean("redrive.full") ? 200 : 10;

  @TempDir static Path dir;
  private static LiveRedrive live;
  private static Topics topics;
  private static DeskClient desk;

  @BeforeAll
  static void start() throws Exception {
    live = LiveRedrive.start(dir, Map.of("replay.settle-timeout", "20s"));
    topics = new Topics(live.bootstrapServers());
    desk = live.desk();
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  void runKeepsItsRateCountsItsOutcomesAndEmptiesTheDesk() throws Exception {
    fail("paced", 400);
    Reply started = post("/api/runs", "{'filter':{'pipeline_id':'paced'},'options':{'rate':100}}");
    assertThat(started.status()).as("%s", started.body()).isEqualTo(202);
    String id = started.body().at("/data/run_id").asText();
    await().atMost(SOON).until(() -> run(id).at("/replayed").asInt() == 400);

    List<ConsumerRecord<byte[], byte[]>> sent = sent(id);
    assertThat(sent).hasSize(400);
    JsonNode run = run(id);
    assertThat(run.at("/matched").asInt()).isEqualTo(400);
    assertThat(run.at("/outstanding").asInt()).isEqualTo(400);

    tell(sent.subList(0, 390), "succeeded");
    tell(sent.subList(390, 400), "failed");
    await().atMost(SOON).until(() -> run(id).at("/status").asText().equals("completed"));
    run = run(id);
    assertThat(run.at("/succeeded").asInt()).isEqualTo(390);
    assertThat(run.at("/failed").asInt()).isEqualTo(10);
    assertThat(desk.letters("paced")).hasSize(10);
    Reply failed = desk.get("/api/runs/" + id + "/letters?outcome=failed");
    assertThat(failed.body().at("/data")).hasSize(10);
  }

  @Test
  void ofTwoCallersAtOneMomentExactlyOneGetsThePipeline() throws Exception {
    fail("raced", 3);
    ExecutorService callers = Executors.newFixedThreadPool(2);
    try {
      for (int race = 0; race < RACES; race++) {
        // So slow that the run outlives the race.
        Callable<Reply> call =
            () -> post("/api/runs", "{'filter':{'pipeline_id':'raced'},'options':{'rate':0.01}}");
        List<Reply> replies = new ArrayList<>();
        for (Future<Reply> reply : callers.invokeAll(List.of(call, call))) {
          replies.add(reply.get());
        }
        assertThat(replies)
            .as("race %s", race)
            .extracting(Reply::status)
            .containsExactlyInAnyOrder(202, 409);
        JsonNode yes = one(replies, 202).body();
        assertThat(one(replies, 409).body().at("/error/details/0/issue").asText())
            .isEqualTo(yes.at("/data/run_id").asText());
        String path = "/api/runs/" + yes.at("/data/run_id").asText() + "/cancel";
        assertThat(desk.post(path, "{}").status()).isEqualTo(200);
      }
    } finally {
      callers.shutdownNow();
    }
  }

  @Test
  void pipelineThatFailsAlwaysIsStoppedByTheCanary() throws Exception {
    fail("broken", 200);
    Reply started =
        post(
            "/api/runs",
            "{'filter':{'pipeline_id':'broken'},'options':{'canary':{'size':5,'wait':'30s'}}}");
    String id = started.body().at("/data/run_id").asText();
    await().atMost(SOON).until(() -> run(id).at("/replayed").asInt() == 5);

    tell(sent(id), "failed");
    await().atMost(SOON).until(() -> run(id).at("/status").asText().equals("halted"));

    assertThat(run(id).at("/reason").asText()).contains("0 succeeded");
    assertThat(sent(id)).hasSize(5);
    assertThat(desk.post("/api/runs/" + id + "/cancel", "{}").status()).isEqualTo(200);
    await().atMost(SOON).until(() -> run(id).at("/left").asInt() == 0);
    assertThat(run(id).at("/skipped/cancelled").asInt()).isEqualTo(195);
  }

  @Test
  void silenceEndsARunUnconfirmed() throws Exception {
    fail("silent", 20);
    Reply started = post("/api/runs", "{'filter':{'pipeline_id':'silent'}}");
    String id = started.body().at("/data/run_id").asText();

    await().atMost(SOON).until(() -> run(id).at("/status").asText().equals("completed"));

    assertThat(run(id).at("/unconfirmed").asInt()).isEqualTo(20);
    assertThat(desk.letters("silent"))
        .allMatch(letter -> letter.get("status").asText().equals("pending"));
  }

  @Test
  void planIsAnsweredAtOnceAndDiscardsNothing() throws Exception {
    fail("planned", 30);

    Reply plan =
        post(
            "/api/runs",
            "{'type':'discard','filter':{'pipeline_id':'planned'},'options':{'dry_run':true}}");
    assertThat(plan.status()).as("%s", plan.body()).isEqualTo(200);
    assertThat(plan.body().at("/data/matched").asInt()).isEqualTo(30);
    assertThat(desk.letters("planned")).hasSize(30);

    Reply done = post("/api/runs", "{'type':'discard','filter':{'pipeline_id':'planned'}}");
    String id = done.body().at("/data/run_id").asText();
    await().atMost(SOON).until(() -> run(id).at("/status").asText().equals("completed"));
    assertThat(desk.letters("planned")).isEmpty();
  }

  private static JsonNode run(String id) {
    Reply reply = desk.get("/api/runs/" + id);
    assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
    return reply.body().get("data");
  }

  private static Reply post(String path, String json) {
    return desk.post(path, json.replace('\'', '"'));
  }

  private static Reply one(List<Reply> replies, int status) {
    return replies.stream().filter(reply -> reply.status() == status).findFirst().orElseThrow();
  }

  private static void fail(String pipeline, int count) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>("redrive-errors", null, ("{\"n\":" + i + "}").getBytes(UTF_8));
      record.headers().add("redrive-pipeline-id", pipeline.getBytes(UTF_8));
      record.headers().add("redrive-record-id", ("r-" + i).getBytes(UTF_8));
      record.headers().add("redrive-error-code", "broken".getBytes(UTF_8));
      records.add(record);
    }
    topics.send(records);
    await().atMost(SOON).until(() -> total(pipeline) == count);
  }

  private static int total(String pipeline) {
    for (JsonNode each : desk.get("/api/dlq/stats").body().at("/data/by_pipeline")) {
      if (each.get("pipeline_id").asText().equals(pipeline)) {
        return each.get("count").asInt();
      }
    }
    return 0;
  }

  private static List<ConsumerRecord<byte[], byte[]>> sent(String run) {
    return topics.read("redrive-retry").stream()
        .filter(record -> header(record, "redrive-run-id").equals(run))
        .toList();
  }

  private static void tell(List<ConsumerRecord<byte[], byte[]>> replays, String outcome)
      throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> replay : replays) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>("redrive-outcomes", null, (byte[]) null);
      replay.headers().forEach(header -> record.headers().add(header));
      record.headers().add("redrive-outcome", outcome.getBytes(UTF_8));
      records.add(record);
    }
    topics.send(records);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
