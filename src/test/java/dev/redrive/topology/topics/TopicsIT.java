// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.topology.topics.RetryTarget.Missing;
import dev.redrive.topology.topics.RetryTarget.NotWritable;
import dev.redrive.topology.topics.RetryTarget.NotYetKnown;
import dev.redrive.topology.topics.RetryTarget.Writable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TopicsIT {

  @TempDir static Path dir;
  private static EmbeddedBroker broker;
  private static Admin admin;

  /** Each test has topics and a group of its own on the one broker. */
  private final String id = "t" + UUID.randomUUID();

  @BeforeAll
  static void startBroker() {
    broker =
        EmbeddedBroker.start(
            dir,
            0,
            Map.of(
                "auto.create.topics.enable", "false",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found", "true"));
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void stopBroker() {
    admin.close();
    broker.close();
  }

  @Test
  void createsAllTopicsOnceAndTellsTheLimit() throws Exception {
    Settings settings = settings(Map.of("topics.partitions", "3"));

    assertThat(Topics.prepare(admin, settings)).isEqualTo(1_376_256);
    assertThat(Topics.prepare(admin, settings)).isEqualTo(1_376_256);

    Map<String, FoundTopic> found = new TopicLook(admin).at(names());
    assertThat(found).hasSize(9);
    assertThat(List.of(id + "-ledger", id + "-control"))
        .allSatisfy(
            name -> {
              assertThat(found.get(name).partitions()).isEqualTo(3);
              assertThat(found.get(name).configs())
                  .containsEntry("retention.ms", "-1")
                  .containsEntry("retention.bytes", "-1")
                  .containsEntry("cleanup.policy", "delete");
            });
    assertThat(found.get(id + "-letters-changelog").partitions()).isEqualTo(3);
    assertThat(found.get(id + "-letters-changelog").config("cleanup.policy")).isEqualTo("compact");
    assertThat(found.get(id + "-results").config("retention.ms")).isEqualTo("3600000");
  }

  @Test
  void saysAllThatIsWrongInOneMessage() throws Exception {
    create(id + "-ledger", 2, Map.of("retention.ms", "1000"));
    create(id + "-control", 4, Map.of("retention.ms", "-1", "max.message.bytes", "1000"));
    create(id + "-letters-changelog", 4, Map.of("max.message.bytes", "2000000"));
    Settings settings = settings(Map.of("topics.create", "false"));

    assertThatThrownBy(() -> Topics.prepare(admin, settings))
        .isInstanceOf(WrongTopicsException.class)
        .hasMessageContaining("10 problems with the topics:")
        .hasMessageNotContaining(id + "-errors")
        .hasMessageContaining("kafka-topics.sh --create --topic " + id + "-commands --partitions 4")
        .hasMessageContaining(id + "-ledger has 2 partitions, topics.partitions says 4")
        .hasMessageContaining("--entity-name " + id + "-ledger --add-config retention.ms=-1")
        .hasMessageContaining(id + "-control has max.message.bytes=1000, needed is 1376256")
        .hasMessageContaining(id + "-letters-changelog has cleanup.policy=delete");
  }

  @Test
  void whatCannotBeCreatedIsNamedWithTheBrokersReason() {
    Settings settings = settings(Map.of("topics.replication-factor", "3"));

    assertThatThrownBy(() -> Topics.prepare(admin, settings))
        .isInstanceOf(WrongTopicsException.class)
        .hasMessageContaining("8 problems with the topics:")
        .hasMessageContaining(id + "-ledger (topics.ledger) does not exist, and it cannot be")
        .hasMessageContaining("replication factor");
  }

  @Test
  void retryTargetsAreKnownSoonAfterTheFirstQuestionAndFollowChanges() throws Exception {
    create(id + "-open", 2, Map.of("max.message.bytes", "5000", "retention.ms", "7000"));
    create(id + "-closed", 1, Map.of());
    allowOnlyToDescribe(id + "-closed");
    try (ObservedRetryTargets targets = ObservedRetryTargets.start(admin, Duration.ofMillis(50))) {
      assertThat(targets.find(id + "-open", 0)).isEqualTo(new NotYetKnown());

      await()
          .untilAsserted(
              () ->
                  assertThat(targets.find(id + "-open", 0))
                      .isInstanceOfSatisfying(
                          Writable.class,
                          open -> {
                            assertThat(open.partitions()).isEqualTo(2);
                            assertThat(open.maxMessageBytes()).isEqualTo(5000);
                            assertThat(open.retentionMs()).isEqualTo(7000);
                          }));
      awaitTarget(targets, id + "-later", new Missing());
      awaitTarget(targets, "no topic / at all", new Missing());
      awaitTarget(targets, id + "-closed", new NotWritable());

      create(id + "-later", 1, Map.of());
      await()
          .untilAsserted(
              () -> assertThat(targets.find(id + "-later", 0)).isInstanceOf(Writable.class));
      admin.deleteTopics(List.of(id + "-later")).all().get();
      awaitTarget(targets, id + "-later", new Missing());
    }
  }

  @Test
  void noIsLookedUpAnewForWhoAsksLater() throws Exception {
    try (ObservedRetryTargets targets = ObservedRetryTargets.start(admin, Duration.ofHours(1))) {
      awaitTarget(targets, id + "-soon", new Missing());
      create(id + "-soon", 1, Map.of());

      assertThat(targets.find(id + "-soon", 0)).as("as it was seen").isEqualTo(new Missing());
      long asked = System.currentTimeMillis();
      assertThat(targets.find(id + "-soon", asked)).isEqualTo(new NotYetKnown());
      await()
          .untilAsserted(
              () -> assertThat(targets.find(id + "-soon", asked)).isInstanceOf(Writable.class));

      awaitTarget(targets, id + "-never", new Missing());
      long again = System.currentTimeMillis() + 1;
      await().until(() -> targets.find(id + "-never", again) instanceof Missing);
    }
  }

  @Test
  void deletesWhatTheGroupHasCommittedAndNothingElse() throws Exception {
    Settings settings = settings(Map.of());
    Topics.prepare(admin, settings);
    TopicPartition ledger = new TopicPartition(id + "-ledger", 0);
    TopicPartition events = new TopicPartition(id + "-events", 0);
    produce(ledger, 10, 0);
    produce(events, 10, 0);
    commit(Map.of(ledger, new OffsetAndMetadata(7), events, new OffsetAndMetadata(7)));

    try (CommittedEntries entries =
        CommittedEntries.start(admin, settings, Duration.ofMillis(50))) {
      await().untilAsserted(() -> assertThat(earliest(ledger)).isEqualTo(7));
      commit(Map.of(ledger, new OffsetAndMetadata(9)));
      await().untilAsserted(() -> assertThat(earliest(ledger)).isEqualTo(9));
    }
    assertThat(earliest(events)).isZero();
  }

  @Test
  void readingBeginsWhereTheSettingsSayTheFirstTimeOnly() throws Exception {
    Instant noon = Instant.parse("2026-01-31T12:00:00Z");
    Settings settings =
        settings(
            Map.of(
                "errors.start",
                "latest",
                "errors.starts." + id + "-dated",
                noon.toString(),
                "topics.error-patterns",
                id + "-(dated|old)",
                "outcomes.start",
                "latest"));
    Topics.prepare(admin, settings);
    create(id + "-dated", 1, Map.of());
    TopicPartition errors = new TopicPartition(id + "-errors", 0);
    TopicPartition dated = new TopicPartition(id + "-dated", 0);
    TopicPartition commands = new TopicPartition(id + "-commands", 0);
    produce(errors, 5, noon.toEpochMilli());
    produce(dated, 4, noon.toEpochMilli() - 2);
    produce(commands, 3, noon.toEpochMilli());

    StartOffsets.set(admin, settings);

    assertThat(committed())
        .containsEntry(errors, 5L)
        .containsEntry(dated, 2L)
        .doesNotContainKey(commands);

    produce(errors, 5, noon.toEpochMilli());
    StartOffsets.set(admin, settings);
    assertThat(committed()).containsEntry(errors, 5L);
  }

  @Test
  void lostOffsetsOfAnOldGroupAreNoFirstStart() throws Exception {
    Settings settings = settings(Map.of("errors.start", "latest"));
    Topics.prepare(admin, settings);
    produce(new TopicPartition(id + "-errors", 0), 5, 0);
    produce(new TopicPartition(id + "-letters-changelog", 0), 1, 0);

    StartOffsets.set(admin, settings);

    assertThat(committed()).isEmpty();
  }

  @Test
  void whileOthersRunNewTopicsAreReadFromTheirEarliest() throws Exception {
    Settings settings = settings(Map.of("errors.start", "latest"));
    Topics.prepare(admin, settings);
    try (KafkaConsumer<String, String> other = consumer()) {
      other.subscribe(List.of(id + "-commands"));
      await()
          .untilAsserted(
              () -> {
                other.poll(Duration.ofMillis(50));
                assertThat(other.assignment()).isNotEmpty();
              });

      StartOffsets.set(admin, settings);

      assertThat(committed()).isEmpty();
    }
  }

  private Settings settings(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(Map.of("application-id", id));
    all.put("kafka.bootstrap.servers", broker.bootstrapServers());
    for (String topic :
        List.of(
            "errors", "commands", "outcomes", "retry", "events", "results", "ledger", "control")) {
      all.put("topics." + topic, id + "-" + topic);
    }
    all.putAll(more);
    return SettingsLoader.of(all);
  }

  private Collection<String> names() {
    return PlannedTopic.all(settings(Map.of())).stream().map(PlannedTopic::name).toList();
  }

  private static void create(String name, int partitions, Map<String, String> configs)
      throws Exception {
    admin
        .createTopics(
            List.of(new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs)))
        .all()
        .get();
    await().until(() -> new TopicLook(admin).ready(List.of(name)).size() == 1);
  }

  private static void allowOnlyToDescribe(String topic) throws Exception {
    ResourcePattern resource = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
    AccessControlEntry describe =
        new AccessControlEntry(
            "User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW);
    admin.createAcls(List.of(new AclBinding(resource, describe))).all().get();
  }

  private static void awaitTarget(RetryTargets targets, String topic, RetryTarget expected) {
    await().untilAsserted(() -> assertThat(targets.find(topic, 0)).isEqualTo(expected));
  }

  private static void produce(TopicPartition to, int count, long firstTimestamp) throws Exception {
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < count; i++) {
        producer
            .send(
                new ProducerRecord<>(
                    to.topic(), to.partition(), firstTimestamp + i, "key", "value"))
            .get();
      }
    }
  }

  private KafkaConsumer<String, String> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "group.id", id),
        new StringDeserializer(),
        new StringDeserializer());
  }

  private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) throws Exception {
    admin.alterConsumerGroupOffsets(id, offsets).all().get();
  }

  private Map<TopicPartition, Long> committed() throws Exception {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin
        .listConsumerGroupOffsets(id)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
    return offsets;
  }

  private static long earliest(TopicPartition partition) throws Exception {
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.earliest()))
        .partitionResult(partition)
        .get()
        .offset();
  }
}
