// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A retry topic that takes nothing stops only those who must go there. */
@Timeout(300)
class RefusedRetryTopicIT {
  private static final boolean FULL = Boolean.getBoolean("redrive.full");
  private static final int GOOD = FULL ? 2_000 : 200;
  private static final int REFUSED = FULL ? 100 : 10;

  private static final int KEYLESS = FULL ? 100 : 12;

  /** Rounds until the change of a retry topic hits the seconds between two looks at it. */
  private static final int ROUNDS = 6;

  /** For so long a producer waits for a broker to say anything. */
  private static final long SILENCE_MS = 8_000;

  /** Compressed, it is as long. */
  private static final byte[] VALUE = new byte[20_000];

  static {
    new Random(1).nextBytes(VALUE);
  }

  @TempDir static Path dir;
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig =
        Rig.start(
            dir,
            Map.of(
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true"));
    rig.create("good-retry", 2, Map.of());
    rig.create("small-retry", 1, Map.of("max.message.bytes", "10000"));
    rig.create("denied-retry", 1, Map.of());
    rig.create("compacted-retry", 1, Map.of("cleanup.policy", "compact"));
    rig.create("unseen-retry", 1, Map.of("cleanup.policy", "compact"));
    deny("denied-retry", AclOperation.WRITE);
    AclBinding all = rule("unseen-retry", AclOperation.ALL, AclPermissionType.ALLOW);
    AclBinding unseen = denial("unseen-retry", AclOperation.DESCRIBE_CONFIGS);
    rig.admin.createAcls(List.of(all, unseen)).all().get();
    rig.startRedrive(settings());
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void eachIsRefusedWithItsReasonWhileOthersGoOn() throws Exception {
    List<String> good = failures("good", GOOD, "one");
    Map<String, String> expected = new HashMap<>();
    failures("missing", REFUSED, "one").forEach(id -> expected.put(id, "target_missing"));
    failures("denied", REFUSED, "one").forEach(id -> expected.put(id, "target_not_writable"));
    failures("small", REFUSED, "one").forEach(id -> expected.put(id, "target_too_small"));
    failures("compacted", REFUSED, "one").forEach(id -> expected.put(id, "target_needs_key"));
    List<String> commands = new ArrayList<>(good);
    List<String> refused = new ArrayList<>(expected.keySet());
    for (int i = 0; i < refused.size(); i++) {
      commands.add(i * (good.size() / refused.size()), refused.get(i));
    }
    replay(commands, "");

    try (Follower results = rig.follow("redrive-results")) {
      for (String id : good) {
        assertThat(results.answer(id).get("status").asText()).isEqualTo("accepted");
      }
      for (String id : refused) {
        JsonNode answer = results.answer(id);
        assertThat(answer.get("status").asText()).isEqualTo("rejected");
        assertThat(answer.at("/reason/code").asText()).isEqualTo(expected.get(id));
        assertThat(rig.web().letter(id).get("status").asText()).isEqualTo("pending");
      }
    }
    assertThat(replayed("good-retry")).containsAll(good).doesNotHaveDuplicates();
    assertThat(replayed("small-retry")).isEmpty();
  }

  /**
   * Redrive may not see that the topic is compacted, so only the send finds out that it takes no
   * record without a key. Each refusal drops those before it: if they were forgotten with it, n
   * letters would take 2^n sends.
   */
  @Test
  void aRunOfWhatOnlyTheSendRefusesEnds() throws Exception {
    failures("unseen", KEYLESS, "no key");
    String json =
        """
        {"type":"replay","command_id":"keyless","request_id":"keyless","filter":{"pipeline_id":"unseen"}}""";
    rig.send(List.of(new ProducerRecord<>("redrive-commands", json.getBytes(UTF_8))));
    try (Follower results = rig.follow("redrive-results")) {
      String run = "/api/runs/" + results.answer("keyless").get("run_id").asText();
      JsonNode ended =
          await()
              .atMost(Duration.ofMinutes(FULL ? 4 : 2))
              .until(
                  () -> rig.web().get(run).json().at("/data"),
                  data -> data.at("/status").asText().equals("completed"));
      assertThat(ended.at("/skipped/send_failed").asInt()).isEqualTo(KEYLESS);
    }
    assertThat(replayed("unseen-retry")).isEmpty();
  }

  /**
   * It is asked for by the same name each time, a minute apart, so a refusal that is the first
   * thing in its transaction must not be remembered for good.
   */
  @Test
  void anAutomaticReplayIsSentOnceItsTopicTakesIt() throws Exception {
    rig.create("automatic-retry", 1, Map.of("cleanup.policy", "compact"));
    AclBinding all = rule("automatic-retry", AclOperation.ALL, AclPermissionType.ALLOW);
    AclBinding unseen = denial("automatic-retry", AclOperation.DESCRIBE_CONFIGS);
    rig.admin.createAcls(List.of(all, unseen)).all().get();
    String letter = failures("automatic", 1, "no key").get(0);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(rig.web().letter(letter).path("status_reason").asText())
                    .contains("automatic-retry failed"));

    rig.configure("automatic-retry", "cleanup.policy", "delete");

    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> assertThat(replayed("automatic-retry")).containsExactly(letter));
  }

  /** What may become of a retry topic between the look at it and the send. */
  enum Change {
    TOO_SMALL("changing-small") {
      @Override
      void make(String topic) throws Exception {
        rig.configure(topic, "max.message.bytes", "10000");
      }

      @Override
      void undo(String topic) throws Exception {
        rig.configure(topic, "max.message.bytes", "1000000");
      }
    },
    DENIED("changing-denied") {
      @Override
      void make(String topic) throws Exception {
        deny(topic, AclOperation.WRITE);
      }

      @Override
      void undo(String topic) throws Exception {
        rig.admin.deleteAcls(List.of(denial(topic, AclOperation.WRITE).toFilter())).all().get();
      }
    },
    DELETED("changing-deleted") {
      @Override
      void make(String topic) throws Exception {
        rig.admin.deleteTopics(List.of(topic)).all().get();
      }

      @Override
      void undo(String topic) throws Exception {
        await()
            .ignoreExceptions()
            .until(
                () -> {
                  rig.create(topic, 1, Map.of());
                  return true;
                });
      }
    };

    final String pipeline;

    Change(String pipeline) {
      this.pipeline = pipeline;
    }

    abstract void make(String topic) throws Exception;

    abstract void undo(String topic) throws Exception;
  }

  @ParameterizedTest
  @EnumSource(Change.class)
  void sendThatFailsAfterTheCheckIsToldAndOthersGoOn(Change change) throws Exception {
    String topic = change.pipeline + "-retry";
    rig.create(topic, 1, Map.of());
    try (Follower results = rig.follow("redrive-results");
        Follower events = rig.follow("redrive-events")) {
      for (int round = 1; round <= ROUNDS; round++) {
        awaitReplayed(results, change.pipeline, "first " + round);
        List<String> good = failures("good", GOOD, change + " " + round);
        String victim = failures(change.pipeline, 1, "second " + round).get(0);
        change.make(topic);
        long sentAt = System.nanoTime();
        List<String> commands = new ArrayList<>(good);
        commands.add(GOOD / 2, victim);
        replay(commands, "");

        JsonNode answer = results.answer(victim);
        long refusedAfter = millisSince(sentAt);
        for (String id : good) {
          JsonNode other = results.answer(id);
          assertThat(other.get("status").asText()).as(other.toString()).isEqualTo("accepted");
        }
        System.out.printf(
            "%s: refused after %d ms, %d others done after %d ms, held up for %d ms at most: %s%n",
            change,
            refusedAfter,
            GOOD,
            millisSince(sentAt),
            longestPause(results, good),
            answer.get("reason"));
        assertThat(answer.get("status").asText()).isEqualTo("rejected");
        assertThat(replayed("good-retry")).containsAll(good).doesNotHaveDuplicates();
        JsonNode letter = rig.web().letter(victim);
        assertThat(letter.get("status").asText()).isEqualTo("pending");
        if (answer.at("/reason/code").asText().equals("send_failed")) {
          assertThat(answer.at("/reason/message").asText()).contains(topic);
          assertThat(letter.get("status_reason")).isEqualTo(answer.at("/reason/message"));
          events.await(
              record ->
                  Follower.isEvent(record, "letter.not_sent")
                      && Follower.key(record).equals(victim));
          change.undo(topic);
          awaitReplayed(results, victim);
          return;
        }
        change.undo(topic);
        if (change == Change.DELETED && refusedAfter >= SILENCE_MS) {
          // It was sent, nobody answered, and the second look found that the topic is gone.
          assertThat(answer.at("/reason/code").asText()).isEqualTo("target_missing");
          awaitReplayed(results, victim);
          return;
        }
      }
      throw new AssertionError("the check was quicker in all " + ROUNDS + " rounds");
    }
  }

  /** Between one answer and the next, as the ledger gave them. */
  private static long longestPause(Follower results, List<String> letters) {
    long[] times =
        results.all().stream()
            .filter(record -> letters.contains(Follower.key(record)))
            .mapToLong(ConsumerRecord::timestamp)
            .sorted()
            .toArray();
    return IntStream.range(1, times.length).mapToLong(i -> times[i] - times[i - 1]).max().orElse(0);
  }

  /** Sends it again and again until what was undone is seen. */
  private static void awaitReplayed(Follower results, String letter) {
    int[] tries = {0};
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              String suffix = " again " + ++tries[0];
              replay(List.of(letter), suffix);
              return results.answer(letter + suffix).get("status").asText().equals("accepted");
            });
  }

  private static void awaitReplayed(Follower results, String pipeline, String record)
      throws Exception {
    awaitReplayed(results, failures(pipeline, 1, record).get(0));
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    List<String> pipelines =
        new ArrayList<>(
            List.of("good", "missing", "denied", "small", "compacted", "unseen", "automatic"));
    for (Change change : Change.values()) {
      pipelines.add(change.pipeline);
    }
    for (int i = 0; i < pipelines.size(); i++) {
      settings.put("pipelines[" + i + "].id", pipelines.get(i));
      settings.put("pipelines[" + i + "].retry-topic", pipelines.get(i) + "-retry");
    }
    settings.put("pipelines[" + pipelines.indexOf("automatic") + "].retry.delays", "1s,1s,1s");
    return settings;
  }

  /** Fails records of a pipeline and returns the ids of their letters. */
  private static List<String> failures(String pipeline, int count, String name) throws Exception {
    List<String> names = IntStream.range(0, count).mapToObj(i -> name + " " + i).toList();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (String record : names) {
      ProducerRecord<byte[], byte[]> failed = new ProducerRecord<>(Rig.ERRORS, null, VALUE);
      failed.headers().add("redrive-pipeline-id", pipeline.getBytes(UTF_8));
      failed.headers().add("redrive-record-id", record.getBytes(UTF_8));
      failed.headers().add("redrive-error-code", "E1".getBytes(UTF_8));
      records.add(failed);
    }
    rig.send(records);
    Map<String, String> ids = new HashMap<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              rig.web()
                  .letters(pipeline)
                  .forEach(l -> ids.put(l.get("record_id").asText(), l.get("id").asText()));
              return ids.keySet().containsAll(names);
            });
    return names.stream().map(ids::get).toList();
  }

  /** One command for each letter, named by it. */
  private static void replay(List<String> letters, String suffix) throws Exception {
    List<ProducerRecord<byte[], byte[]>> commands = new ArrayList<>();
    for (String letter : letters) {
      String json =
          """
          {"type":"replay","command_id":"%1$s%2$s","request_id":"%1$s%2$s","letter_ids":["%1$s"]}"""
              .formatted(letter, suffix);
      commands.add(new ProducerRecord<>("redrive-commands", json.getBytes(UTF_8)));
    }
    rig.send(commands);
  }

  private static List<String> replayed(String topic) {
    try (Follower retry = rig.follow(topic)) {
      return retry.all().stream().map(RefusedRetryTopicIT::letterId).toList();
    }
  }

  private static String letterId(ConsumerRecord<byte[], byte[]> record) {
    return Follower.header(record, "redrive-letter-id").orElseThrow();
  }

  private static void deny(String topic, AclOperation operation) throws Exception {
    rig.admin.createAcls(List.of(denial(topic, operation))).all().get();
  }

  private static AclBinding denial(String topic, AclOperation operation) {
    return rule(topic, operation, AclPermissionType.DENY);
  }

  private static AclBinding rule(
      String topic, AclOperation operation, AclPermissionType permission) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
        new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
  }

  private static long millisSince(long start) {
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
