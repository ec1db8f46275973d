// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever bytes come in are kept, and nothing behind them waits. */
@Timeout(120)
class BadInputIT {
  private static final String BAD = "bad-errors";
  private static final String TOO_LARGE = "a value of 10 MiB";
  private static final byte[] NO_UTF_8 = {(byte) 0xc3, (byte) 0x28, (byte) 0xff, 0, (byte) 0xed};
  private static final byte[] NO_NUMBER = "not a number".getBytes(UTF_8);

  @TempDir static Path dir;
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = Rig.start(dir, Map.of());
    rig.create(
        BAD,
        1,
        Map.of(
            "max.message.bytes",
            String.valueOf(16 << 20),
            "message.timestamp.after.max.ms",
            String.valueOf(Long.MAX_VALUE),
            "message.timestamp.before.max.ms",
            String.valueOf(Long.MAX_VALUE)));
    rig.startRedrive(
        Map.of("topics.errors", BAD + "," + Rig.ERRORS, "errors.starts." + BAD, "earliest"));
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void whateverComesIsKeptAndGoesBackByteForByte() throws Exception {
    Map<String, ProducerRecord<byte[], byte[]>> bad = badRecords();
    Map<Long, String> names = new LinkedHashMap<>();
    for (Map.Entry<String, ProducerRecord<byte[], byte[]>> each : bad.entrySet()) {
      names.put(rig.send(each.getValue()).offset(), each.getKey());
      rig.send(record("good", "good after " + each.getKey()));
    }

    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(ofTopic(BAD)).hasSize(2 * bad.size()));
    try (Follower retry = rig.follow("redrive-retry")) {
      for (JsonNode letter : ofTopic(BAD)) {
        String name = names.getOrDefault(letter.at("/dead_letter/offset").asLong(), "good");
        String id = letter.get("id").asText();
        assertThat(rig.web().letter(id).get("id").asText()).as(name).isEqualTo(id);
        Web.Reply reply = rig.web().post("/api/dlq/" + id + "/reprocess");
        if (name.equals(TOO_LARGE)) {
          assertThat(reply.status()).as(reply.text()).isEqualTo(400);
          // The whole record was read back from the error topic, and does not fit the retry topic.
          assertThat(reply.text())
              .contains("target_too_small", "redrive-retry", "max.message.bytes");
          assertThat(letter.get("warnings").toString()).contains("cut", "10485760 bytes");
          continue;
        }
        assertThat(reply.status()).as(name + reply.text()).isEqualTo(202);
        if (!name.equals("good")) {
          isTheSame(
              name,
              retry.await(r -> Follower.header(r, "redrive-letter-id").orElse("").equals(id)),
              bad.get(name));
        }
      }
      Set<String> ours =
          ofTopic(BAD).stream()
              .map(letter -> letter.get("id").asText())
              .collect(Collectors.toSet());
      List<String> replayed =
          retry.all().stream()
              .map(record -> Follower.header(record, "redrive-letter-id").orElseThrow())
              .filter(ours::contains)
              .toList();
      assertThat(replayed).doesNotHaveDuplicates().hasSize(2 * bad.size() - 1);
    }
  }

  @Test
  void everyBadCommandHasOneAnswerAndOneEventAndChangesNothing() throws Exception {
    rig.send(new ProducerRecord<>(Rig.ERRORS, "for commands".getBytes(UTF_8)));
    rig.send(new ProducerRecord<>(Rig.ERRORS, "being retried".getBytes(UTF_8)));
    await().untilAsserted(() -> assertThat(ofTopic(Rig.ERRORS)).hasSize(2));
    String retried = ofTopic(Rig.ERRORS).get(0).get("id").asText();
    String pending = ofTopic(Rig.ERRORS).get(1).get("id").asText();
    assertThat(rig.web().post("/api/dlq/" + retried + "/reprocess").status()).isEqualTo(202);
    List<JsonNode> before = ofTopic(Rig.ERRORS);
    Map<String, String> commands = badCommands(retried, pending);

    try (Follower results = rig.follow("redrive-results");
        Follower events = rig.follow("redrive-events");
        Follower retry = rig.follow("redrive-retry")) {
      int replays = retry.all().size();
      int told = (int) events.all().stream().filter(BadInputIT::isOfLetter).count();
      Map<String, String> reasons = new LinkedHashMap<>();
      for (Map.Entry<String, String> each : commands.entrySet()) {
        long offset =
            rig.send(
                    new ProducerRecord<>(
                        "redrive-commands", 0, null, each.getKey().getBytes(UTF_8)))
                .offset();
        reasons.put("redrive-commands-0-" + offset, each.getValue());
      }
      long tombstone = rig.send(new ProducerRecord<>("redrive-commands", 0, null, null)).offset();
      reasons.put("redrive-commands-0-" + tombstone, "");

      reasons.forEach(
          (id, reason) -> {
            JsonNode answer = results.answer(id);
            assertThat(answer.get("status").asText()).as(id).isEqualTo("rejected");
            assertThat(answer.at("/reason/message").asText()).as(id).contains(reason);
            events.await(record -> Follower.key(record).equals(id));
          });
      assertThat(results.all())
          .filteredOn(record -> reasons.containsKey(Follower.key(record)))
          .hasSize(reasons.size());
      assertThat(events.all())
          .filteredOn(record -> reasons.containsKey(Follower.key(record)))
          .hasSize(reasons.size())
          .allMatch(record -> Follower.isEvent(record, "command.rejected"));
      assertThat(events.all().stream().filter(BadInputIT::isOfLetter).count()).isEqualTo(told);
      assertThat(retry.all()).hasSize(replays);
      assertThat(ofTopic(Rig.ERRORS)).isEqualTo(before);
    }
  }

  /** The command and what its answer must speak of. */
  private static Map<String, String> badCommands(String retried, String pending) {
    Map<String, String> commands = new LinkedHashMap<>();
    commands.put("", "");
    commands.put("this is no JSON", "JSON");
    commands.put("{\"type\":\"replay\"", "JSON");
    commands.put("[]", "");
    commands.put("\0\1\2", "JSON");
    commands.put("{}", "type");
    commands.put("{\"type\":\"repaly\",\"letter_ids\":[\"" + pending + "\"]}", "type");
    commands.put("{\"type\":\"replay\"}", "letter_ids");
    commands.put("{\"type\":\"replay\",\"letter_ids\":[]}", "letter_ids");
    commands.put("{\"type\":\"replay\",\"letter_ids\":[7]}", "letter_ids");
    commands.put("{\"type\":\"replay\",\"letter_ids\":[\"no id\"]}", "letter_ids");
    commands.put("{\"type\":\"replay\",\"leter_ids\":[\"" + pending + "\"]}", "leter_ids");
    commands.put(
        "{\"type\":\"replay\",\"letter_ids\":[\"" + pending + "\"],\"colour\":1}", "colour");
    commands.put("{\"type\":\"discard\",\"pipeline_id\":\"p\"}", "record_ids");
    commands.put("{\"type\":\"add\",\"pipeline_id\":\"p\"}", "record_ids");
    commands.put(
        "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"r\"],\"value\":\"*\"}", "value");
    commands.put("{\"type\":\"replay\",\"filter\":{}}", "all");
    commands.put("{\"type\":\"replay\",\"all\":true,\"options\":{\"rate\":0}}", "rate");
    commands.put("{\"type\":\"replay\",\"all\":true,\"run_id\":\"run_1\"}", "run_id");
    commands.put(
        "{\"type\":\"replay\",\"letter_ids\":[\"dlq_00000000000000000000000000\"]}", "no letter");
    commands.put(
        "{\"type\":\"discard\",\"pipeline_id\":\"p\",\"record_ids\":[\"r\"]}", "no letter");
    commands.put("{\"type\":\"replay\",\"letter_ids\":[\"" + retried + "\"]}", "being retried");
    commands.put("{\"type\":\"discard\",\"letter_ids\":[\"" + retried + "\"]}", "being retried");
    return commands;
  }

  private static Map<String, ProducerRecord<byte[], byte[]>> badRecords() {
    Map<String, ProducerRecord<byte[], byte[]>> bad = new LinkedHashMap<>();
    bad.put(
        "Spring's headers malformed",
        with(
            record("k", "v"),
            "kafka_dlt-original-topic",
            NO_UTF_8,
            "kafka_dlt-original-partition",
            new byte[] {1, 2, 3},
            "kafka_dlt-original-offset",
            new byte[0],
            "kafka_dlt-original-timestamp",
            longBytes(Long.MIN_VALUE),
            "kafka_dlt-exception-fqcn",
            NO_UTF_8,
            "kafka_dlt-exception-stacktrace",
            null,
            "kafka_dlt-exception-message",
            NO_UTF_8));
    bad.put(
        "Spring's other headers malformed",
        with(
            record("k", "v"),
            "kafka_original-topic",
            "".getBytes(UTF_8),
            "kafka_original-partition",
            longBytes(Long.MAX_VALUE),
            "kafka_original-offset",
            longBytes(-7),
            "kafka_original-timestamp",
            longBytes(Long.MAX_VALUE),
            "kafka_exception-fqcn",
            "java.lang.Error".getBytes(UTF_8)));
    bad.put(
        "Connect's headers malformed",
        with(
            record("k", "v"),
            "__connect.errors.topic",
            null,
            "__connect.errors.partition",
            NO_NUMBER,
            "__connect.errors.offset",
            "-99999999999999999999".getBytes(UTF_8),
            "__connect.errors.connector.name",
            NO_UTF_8,
            "__connect.errors.task.id",
            NO_NUMBER,
            "__connect.errors.exception.class.name",
            NO_UTF_8));
    bad.put(
        "Streams' headers malformed",
        with(
            record("k", "v"),
            "__streams.errors.exception",
            NO_UTF_8,
            "__streams.errors.topic",
            "t".getBytes(UTF_8),
            "__streams.errors.partition",
            NO_NUMBER,
            "__streams.errors.offset",
            NO_UTF_8));
    bad.put(
        "our own headers malformed",
        with(
            record("k", "v"),
            "redrive-error-code",
            NO_UTF_8,
            "redrive-letter-id",
            "dlq_nothing like it".getBytes(UTF_8),
            "redrive-attempt",
            NO_NUMBER,
            "redrive-failed-at",
            "99999999999999999999".getBytes(UTF_8),
            "redrive-retry-count",
            "-1".getBytes(UTF_8),
            "redrive-record-id",
            NO_UTF_8));
    bad.put(
        "an envelope that is none", with(record("k", "{\"records\":["), "redrive-envelope", null));
    bad.put("a null key", record(null, "v"));
    bad.put("a null value", record("tombstone", null));
    bad.put("nothing at all", record(null, null));
    bad.put("no UTF-8", with(raw(NO_UTF_8, NO_UTF_8), "h", NO_UTF_8, "h", null, "h", new byte[0]));
    bad.put("before the epoch's first second", at(1, record("early", "v")));
    bad.put("in the year 292 million", at(Long.MAX_VALUE, record("late", "v")));
    bad.put("in the year 10000", at(253_402_300_800_000L, record("later", "v")));
    bad.put("10,000 headers", manyHeaders());
    byte[] large = new byte[10 << 20];
    new Random(1).nextBytes(large);
    bad.put(TOO_LARGE, raw("large".getBytes(UTF_8), large));
    return bad;
  }

  private static ProducerRecord<byte[], byte[]> manyHeaders() {
    ProducerRecord<byte[], byte[]> record = record("many", "v");
    for (int i = 0; i < 10_000; i++) {
      record.headers().add("h" + i % 100, String.valueOf(i).getBytes(UTF_8));
    }
    return record;
  }

  private static ProducerRecord<byte[], byte[]> record(
      @Nullable String key, @Nullable String value) {
    return raw(
        key == null ? null : key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
  }

  private static ProducerRecord<byte[], byte[]> raw(
      byte @Nullable [] key, byte @Nullable [] value) {
    return new ProducerRecord<>(BAD, 0, key, value);
  }

  private static ProducerRecord<byte[], byte[]> at(
      long timestamp, ProducerRecord<byte[], byte[]> record) {
    return new ProducerRecord<>(BAD, 0, timestamp, record.key(), record.value());
  }

  /** Header names and values in turn, and one of the application's around them. */
  private static ProducerRecord<byte[], byte[]> with(
      ProducerRecord<byte[], byte[]> record, @Nullable Object... namesAndValues) {
    record.headers().add("app-first", NO_UTF_8);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      record
          .headers()
          .add(new RecordHeader((String) namesAndValues[i], (byte[]) namesAndValues[i + 1]));
    }
    record.headers().add("app-last", null);
    return record;
  }

  private static byte[] longBytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static void isTheSame(
      String name, ConsumerRecord<byte[], byte[]> back, ProducerRecord<byte[], byte[]> sent) {
    assertThat(back.key()).as(name).isEqualTo(sent.key());
    assertThat(back.value()).as(name).isEqualTo(sent.value());
    assertThat(applications(back.headers())).as(name).isEqualTo(applications(sent.headers()));
  }

  /** What a pipeline itself put there: all but what tells of a failure or of a replay. */
  private static List<String> applications(Iterable<Header> headers) {
    List<String> kept = new ArrayList<>();
    for (Header header : headers) {
      if (!header.key().matches("(redrive-|kafka_|__connect|__streams).*")) {
        byte[] value = header.value();
        kept.add(header.key() + "=" + (value == null ? null : ByteBuffer.wrap(value)));
      }
    }
    return kept;
  }

  private static boolean isOfLetter(ConsumerRecord<byte[], byte[]> record) {
    return Follower.header(record, "ce_type").orElse("").startsWith("dev.redrive.letter.")
        && Follower.json(record).path("pipeline_id").asText().equals(Rig.ERRORS);
  }

  private static List<JsonNode> ofTopic(String topic) {
    return rig.web().letters("").stream()
        .filter(letter -> letter.at("/dead_letter/topic").asText().equals(topic))
        .toList();
  }
}
