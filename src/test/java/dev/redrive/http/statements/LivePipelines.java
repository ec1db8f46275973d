// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.statements;

import static dev.redrive.http.statements.DeskStatements.data;
import static dev.redrive.http.statements.Running.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.letter.LetterId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Statements of the pipelines family that only a running Redrive can show. */
final class LivePipelines {
  private LivePipelines() {}

  private static String path(String pipeline) {
    return "/v2/pipelines/" + pipeline + "/dead_letters";
  }

  /** 30 and 33: one fails again, the others are processed, and the run counts and completes. */
  static void oneFailureStopsNoRun(Running redrive) throws Exception {
    redrive.failMany("s30", 4);
    String run = redrive.process("s30", "{}");
    List<ConsumerRecord<byte[], byte[]>> replays = redrive.replays("s30", 4);
    redrive.failAgain(replays.get(0), "no again");
    await().atMost(SOON).until(() -> run(redrive, "s30", run).at("/records_failed").asInt() == 1);
    assertThat(run(redrive, "s30", run).at("/status").asText()).isEqualTo("running");
    for (ConsumerRecord<byte[], byte[]> replay : replays.subList(1, 4)) {
      redrive.succeed(replay);
    }
    JsonNode done = redrive.completed("s30", run);
    assertThat(done.at("/records_fetched").asInt()).isEqualTo(4);
    assertThat(done.at("/records_processed").asInt()).isEqualTo(3);
    assertThat(done.at("/records_failed").asInt()).isEqualTo(1);
    assertThat(done.at("/completed_at").isTextual()).isTrue();
    JsonNode left = redrive.get(path("s30")).json().at("/dead_letters");
    assertThat(left).hasSize(1);
    assertThat(left.at("/0/source_record_id").asText())
        .isEqualTo(Running.header(replays.get(0), "redrive-record-id"));
  }

  /** 31 and 32: both kinds are taken, and each keeps its reason. */
  static void bothKinds(Running redrive) throws Exception {
    LetterId thrown =
        redrive.fail(
            "s31",
            "thrown",
            "redrive-error-class",
            "com.acme.Broken",
            "redrive-error-message",
            "it threw");
    LetterId judged =
        redrive.fail(
            "s31",
            "judged",
            "redrive-failure-kind",
            "verification",
            "redrive-error-message",
            "the judge says no");
    assertThat(kind(redrive, thrown)).isEqualTo("exception");
    assertThat(data(redrive.get("/api/dlq/" + thrown)).at("/error_class").asText())
        .isEqualTo("com.acme.Broken");
    assertThat(kind(redrive, judged)).isEqualTo("verification");
    assertThat(redrive.entry("s31", thrown).at("/error_message").asText()).isEqualTo("it threw");
    assertThat(redrive.entry("s31", judged).at("/error_message").asText())
        .isEqualTo("the judge says no");
    assertThat(LiveDesk.ids(redrive, "pipeline_id=s31&failure_kind=verification"))
        .containsOnly(judged.toString());
    assertThat(LiveDesk.ids(redrive, "pipeline_id=s31&failure_kind=exception"))
        .containsOnly(thrown.toString());
  }

  /** 34. */
  static void perPipelineAndRecord(Running redrive) throws Exception {
    LetterId one = redrive.fail("s34-a", "same");
    LetterId other = redrive.fail("s34-b", "same");
    redrive.fail(List.of(Running.failed("s34-a", "same", "redrive-error-code", "later")));
    await().atMost(SOON).until(() -> redrive.entry("s34-a", one).at("/attempt_count").asInt() == 2);
    assertThat(one).isNotEqualTo(other);
    assertThat(redrive.get(path("s34-a")).json().at("/dead_letters")).hasSize(1);
    assertThat(redrive.get(path("s34-b")).json().at("/dead_letters")).hasSize(1);
    assertThat(redrive.entry("s34-b", other).at("/attempt_count").asInt()).isEqualTo(1);
  }

  /** 35 and 36: over two runs that fail. */
  static void updatedNotDoubled(Running redrive) throws Exception {
    LetterId id = redrive.fail("s35", "1", "redrive-error-message", "first");
    JsonNode before = redrive.entry("s35", id);
    assertThat(before.at("/attempt_count").asInt()).isEqualTo(1);
    for (int round = 1; round <= 2; round++) {
      String run = redrive.process("s35", "{}");
      redrive.failAgain(redrive.replays("s35", round).get(round - 1), "round " + round);
      redrive.completed("s35", run);
      JsonNode after = redrive.entry("s35", id);
      assertThat(after.at("/id")).isEqualTo(before.at("/id"));
      assertThat(after.at("/created_at")).isEqualTo(before.at("/created_at"));
      assertThat(after.at("/updated_at").asText()).isGreaterThan(before.at("/updated_at").asText());
      assertThat(after.at("/error_message").asText()).isEqualTo("round " + round);
      assertThat(after.at("/last_run_id").asText()).isEqualTo(run);
      assertThat(after.at("/attempt_count").asInt()).isEqualTo(1 + round);
      assertThat(after.at("/status").asText()).isEqualTo("pending");
    }
    assertThat(redrive.get(path("s35")).json().at("/dead_letters")).hasSize(1);
  }

  /** 37. */
  static void byStatus(Running redrive) throws Exception {
    redrive.failMany("s37", 3);
    String out = LetterId.of("s37", "r1").toString();
    redrive.post("/api/dlq/" + out + "/reprocess", "{}");
    assertThat(records(redrive, path("s37") + "?status=retrying")).containsOnly("r1");
    assertThat(records(redrive, path("s37") + "?status=pending")).containsOnly("r0", "r2");
  }

  /** 38 and 44: after a record fails again in another run, it is the other run's. */
  static void byLastRun(Running redrive) throws Exception {
    redrive.failMany("s38", 3);
    String first = redrive.process("s38", "");
    for (ConsumerRecord<byte[], byte[]> replay : redrive.replays("s38", 3)) {
      redrive.failAgain(replay, "in the first run");
    }
    redrive.completed("s38", first);
    assertThat(records(redrive, path("s38") + "?last_run_id=" + first))
        .containsOnly("r0", "r1", "r2");

    String second = redrive.process("s38", "{\"source_record_ids\":[\"r1\"]}");
    redrive.failAgain(redrive.replays("s38", 4).get(3), "in the second");
    redrive.completed("s38", second);
    assertThat(records(redrive, path("s38") + "?last_run_id=" + first)).containsOnly("r0", "r2");
    assertThat(records(redrive, path("s38") + "?last_run_id=" + second)).containsOnly("r1");
    assertThat(records(redrive, path("s38") + "?last_run_id=run_none")).isEmpty();

    String third = redrive.process("s38", "{\"last_run_id\":\"" + first + "\"}");
    List<ConsumerRecord<byte[], byte[]>> all = redrive.replays("s38", 6);
    Set<String> sent = new HashSet<>();
    all.subList(4, 6).forEach(replay -> sent.add(Running.header(replay, "redrive-record-id")));
    assertThat(sent).containsOnly("r0", "r2");
    for (ConsumerRecord<byte[], byte[]> replay : all.subList(4, 6)) {
      redrive.succeed(replay);
    }
    assertThat(redrive.completed("s38", third).at("/records_fetched").asInt()).isEqualTo(2);
    assertThat(records(redrive, path("s38"))).containsOnly("r1");
  }

  /** 39 and 46: what was added by hand is told from what failed, and is retried like it. */
  static void byOrigin(Running redrive) throws Exception {
    redrive.fail("s39", "failed");
    var added =
        redrive.post(path("s39"), "{\"source_record_id\":\"by/hand\",\"error_message\":\"wrong\"}");
    assertThat(added.status()).isEqualTo(201);
    assertThat(added.json().at("/origin").asText()).isEqualTo("manual");
    assertThat(added.json().at("/attempt_count").asInt()).isZero();
    assertThat(records(redrive, path("s39") + "?origin=manual")).containsOnly("by/hand");
    assertThat(records(redrive, path("s39") + "?origin=pipeline")).containsOnly("failed");

    String run = redrive.process("s39", "{\"origin\":\"manual\"}");
    ConsumerRecord<byte[], byte[]> replay = redrive.replays("s39", 1).get(0);
    assertThat(Running.header(replay, "redrive-record-id")).isEqualTo("by/hand");
    assertThat(new String(replay.key(), UTF_8)).isEqualTo("by/hand");
    assertThat(Running.header(replay, "redrive-payload")).isEqualTo("reference");
    redrive.succeed(replay);
    redrive.completed("s39", run);
    assertThat(records(redrive, path("s39"))).containsOnly("failed");
  }

  /** 40 and 41: a new run with the stored payload; what it processes is gone everywhere. */
  static void processedIsRemoved(Running redrive) throws Exception {
    LetterId id = redrive.fail("s41", "1");
    String run = redrive.process("s41", "{}");
    assertThat(run).startsWith("run_");
    assertThat(run(redrive, "s41", run).at("/trigger_type").asText()).isEqualTo("retry");
    ConsumerRecord<byte[], byte[]> replay = redrive.replays("s41", 1).get(0);
    // Whoever reads the retry topic may see the commit a moment before the store has it.
    await()
        .atMost(SOON)
        .until(() -> redrive.entry("s41", id).at("/status").asText().equals("retrying"));
    assertThat(new String(replay.value(), UTF_8)).isEqualTo("{\"of\":\"1\"}");
    assertThat(Running.header(replay, "redrive-run-id")).isEqualTo(run);
    redrive.succeed(replay);
    redrive.completed("s41", run);
    assertThat(redrive.get(path("s41")).json().at("/dead_letters")).isEmpty();
    assertThat(redrive.get(path("s41") + "/" + id).status()).isEqualTo(404);
    assertThat(redrive.get("/api/dlq/" + id).status()).isEqualTo(404);
    assertThat(redrive.get("/v2/workflows/dlq/" + id).status()).isEqualTo(404);
    assertThat(redrive.count("s41")).isZero();
    assertThat(
            redrive
                .get("/v2/pipelines/s41/runs/" + run + "/events?order=asc")
                .json()
                .at("/events")
                .findValuesAsText("type"))
        .containsExactly("run_started", "record_processing", "run_completed");
  }

  /** 42, 43 and 45. */
  static void whatIsTaken(Running redrive) throws Exception {
    redrive.failMany("s42", 5);
    redrive.post("/api/dlq/" + LetterId.of("s42", "r0") + "/reprocess", "{}");
    redrive.replays("s42", 1);
    String some = redrive.process("s42", "{\"source_record_ids\":[\"r1\",\"r2\",\"none\"]}");
    List<ConsumerRecord<byte[], byte[]>> named = redrive.replays("s42", 3).subList(1, 3);
    assertThat(named)
        .extracting(replay -> Running.header(replay, "redrive-record-id"))
        .containsExactlyInAnyOrder("r1", "r2");
    assertThat(redrive.post(path("s42") + "/process", "{}").status()).isEqualTo(409);
    redrive.fail("s42-other", "1");
    redrive.process("s42-other", "{}");

    redrive.succeed(named.get(0));
    redrive.failAgain(named.get(1), "no");
    redrive.completed("s42", some);
    String all = redrive.process("s42", "");
    List<ConsumerRecord<byte[], byte[]>> rest = redrive.replays("s42", 6);
    assertThat(rest.subList(3, 6))
        .extracting(replay -> Running.header(replay, "redrive-run-id"))
        .containsOnly(all);
    assertThat(rest.subList(3, 6))
        .extracting(replay -> Running.header(replay, "redrive-record-id"))
        .doesNotContain("r0");
    for (ConsumerRecord<byte[], byte[]> replay : rest.subList(3, 6)) {
      redrive.succeed(replay);
    }
    assertThat(redrive.completed("s42", all).at("/records_fetched").asInt()).isEqualTo(3);
    JsonNode none = redrive.completed("s42", redrive.process("s42", "{}"));
    assertThat(none.at("/records_fetched").asInt()).isZero();
  }

  /** 47, 48 and 49. */
  static void dismissed(Running redrive) throws Exception {
    ProducerRecord<byte[], byte[]> source =
        new ProducerRecord<>(
            "orders", null, "s47".getBytes(UTF_8), "the source record".getBytes(UTF_8));
    redrive.topics().send(List.of(source));
    LetterId id = redrive.fail("s47", "1", "redrive-source-topic", "orders");
    LetterId other = redrive.fail("s47", "2");
    redrive.fail(List.of(Running.failed("s47", "1")));
    await().atMost(SOON).until(() -> redrive.entry("s47", id).at("/attempt_count").asInt() == 2);
    JsonNode before = redrive.entry("s47", id);

    assertThat(redrive.delete(path("s47") + "/" + id.pipelinesText()).status()).isEqualTo(204);
    assertThat(redrive.get(path("s47") + "/" + id).status()).isEqualTo(404);
    assertThat(redrive.delete(path("s47") + "/" + id).status()).isEqualTo(404);
    assertThat(redrive.get(path("s47") + "/" + other).status()).isEqualTo(200);
    assertThat(redrive.topics().read("orders"))
        .filteredOn(record -> new String(record.key(), UTF_8).equals("s47"))
        .extracting(record -> new String(record.value(), UTF_8))
        .containsExactly("the source record");

    redrive.fail("s47", "1");
    JsonNode again = redrive.entry("s47", id);
    assertThat(again.at("/attempt_count").asInt()).isEqualTo(1);
    assertThat(again.at("/created_at").asText()).isGreaterThan(before.at("/created_at").asText());
  }

  /** 85. */
  static void addedTwice(Running redrive) throws Exception {
    LetterId id = redrive.fail("s85", "1");
    String body = "{\"source_record_id\":\"1\"}";
    var again = redrive.post(path("s85"), body);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.json().at("/id").asText()).isEqualTo(id.pipelinesText());
    assertThat(again.json().at("/origin").asText()).isEqualTo("manual");
    redrive.process("s85", "{}");
    await()
        .atMost(SOON)
        .until(() -> redrive.entry("s85", id).at("/status").asText().equals("retrying"));
    assertThat(redrive.post(path("s85"), body).status()).isEqualTo(409);
  }

  private static JsonNode run(Running redrive, String pipeline, String run) {
    return redrive.get("/v2/pipelines/" + pipeline + "/runs/" + run).json();
  }

  private static String kind(Running redrive, LetterId id) {
    return data(redrive.get("/api/dlq/" + id)).at("/kind").asText();
  }

  private static Set<String> records(Running redrive, String path) {
    return new HashSet<>(
        redrive.get(path).json().at("/dead_letters").findValuesAsText("source_record_id"));
  }
}
