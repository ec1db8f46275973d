// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import static java.util.Objects.requireNonNull;

import dev.redrive.config.MessageSizes;
import dev.redrive.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redrive's topics, made ready before the stream starts: a stream that creates them while it runs
 * may spin on a changelog that is not there yet, and one that finds them wrong loses letters.
 */
public final class Topics {

  private static final Logger LOGGER = LoggerFactory.getLogger(Topics.class);
  private static final Duration METADATA_WAIT = Duration.ofSeconds(30);
  private static final Duration METADATA_POLL = Duration.ofMillis(50);

  private final Admin admin;
  private final TopicLook look;
  private final Settings settings;
  private final List<PlannedTopic> planned;
  private final List<String> problems = new ArrayList<>();

  private Topics(Admin admin, Settings settings) {
    this.admin = admin;
    this.look = new TopicLook(admin);
    this.settings = settings;
    this.planned = PlannedTopic.all(settings);
  }

  /**
   * Creates what is missing, if the settings allow it, and checks what is there.
   *
   * @return the largest message in bytes, its batch included, that the producer and the ledger,
   *     control and changelog topics all take: what an encoded entry is measured against
   * @throws WrongTopicsException naming all that is wrong
   * @throws KafkaException if the cluster does not answer
   */
  public static int prepare(Admin admin, Settings settings) throws WrongTopicsException {
    return new Topics(admin, settings).prepare();
  }

  private int prepare() throws WrongTopicsException {
    Map<String, FoundTopic> before = look.at(names());
    List<PlannedTopic> missing =
        planned.stream().filter(topic -> !before.containsKey(topic.name())).toList();
    if (settings.topics().create()) {
      create(missing);
    } else {
      missing.forEach(topic -> lacks(topic, "topics.create is false"));
    }
    Map<String, FoundTopic> after = missing.isEmpty() ? before : look.at(names());
    check(after);
    lookAtRetryTopics();
    if (!problems.isEmpty()) {
      throw new WrongTopicsException(problems);
    }
    return limit(after);
  }

  private List<String> names() {
    return planned.stream().map(PlannedTopic::name).distinct().toList();
  }

  private void create(List<PlannedTopic> missing) {
    Map<String, KafkaFuture<Void>> answers =
        admin
            .createTopics(missing.stream().map(topic -> topic.toCreate(settings)).toList())
            .values();
    Set<String> created = new TreeSet<>();
    for (PlannedTopic topic : missing) {
      try {
        AdminAccess.await(requireNonNull(answers.get(topic.name())));
        created.add(topic.name());
      } catch (TopicExistsException e) {
        // Another instance was quicker.
        created.add(topic.name());
      } catch (KafkaException e) {
        lacks(topic, "it cannot be created: " + e.getMessage());
      }
    }
    if (!created.isEmpty()) {
      LOGGER.atInfo().addKeyValue("topics", created).log("Created topics");
      awaitMetadata(created);
    }
  }

  /** The metadata of a new topic reaches the brokers one after the other. */
  private void awaitMetadata(Set<String> created) {
    long deadline = System.nanoTime() + METADATA_WAIT.toNanos();
    while (!look.ready(created).containsAll(created)) {
      if (System.nanoTime() > deadline) {
        problems.add("the cluster shows no leaders for new topics: " + created + "; start again");
        return;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(METADATA_POLL.toMillis());
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }

  private void lacks(PlannedTopic topic, String why) {
    String text =
        String.format(
            "%s (%s) does not exist, and %s; create it: %s",
            topic.name(), topic.setting(), why, topic.command());
    if (topic.isSubscribedByPattern()) {
      // It is read as soon as somebody creates it.
      LOGGER.atWarn().log(text);
    } else {
      problems.add(text);
    }
  }

  private void check(Map<String, FoundTopic> found) {
    for (PlannedTopic topic : planned) {
      FoundTopic there = found.get(topic.name());
      if (there != null) {
        problems.addAll(TopicCheck.problems(topic, there));
        TopicCheck.warnings(topic, there)
            .forEach(
                warning -> LOGGER.atWarn().addKeyValue("setting", topic.setting()).log(warning));
      }
    }
  }

  /** One that is missing or small is no reason not to start: each replay to it is refused. */
  private void lookAtRetryTopics() {
    for (PlannedTopic retry : PlannedTopic.ofPipelines(settings)) {
      retryWarnings(retry)
          .forEach(warning -> LOGGER.atWarn().addKeyValue("setting", retry.setting()).log(warning));
    }
  }

  private List<String> retryWarnings(PlannedTopic retry) {
    String name = retry.name();
    try {
      FoundTopic there = look.at(List.of(name)).get(name);
      return there == null
          ? List.of(name + " does not exist; replays to it are refused until it does")
          : TopicCheck.warnings(retry, there);
    } catch (AuthorizationException e) {
      return List.of(
          name + " may not be looked at; replays to it are refused until Redrive may write to it");
    }
  }

  private int limit(Map<String, FoundTopic> found) {
    return planned.stream()
        .filter(PlannedTopic::exact)
        .map(topic -> found.get(topic.name()))
        .mapToInt(topic -> (int) topic.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, 0))
        .reduce(MessageSizes.needed(settings), Math::min);
  }
}
