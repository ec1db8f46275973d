// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the topics are there before anybody subscribes to them. */
final class TopicWait {
  private static final Logger LOGGER = LoggerFactory.getLogger(TopicWait.class);
  private static final Duration POLL = Duration.ofMillis(250);

  private final Admin admin;

  TopicWait(Admin admin) {
    this.admin = admin;
  }

  /** Creates the own ones and waits for the others, or until told to stop. */
  void await(List<String> others, List<String> own, CountDownLatch stop)
      throws InterruptedException, ExecutionException {
    Set<String> there = admin.listTopics().names().get();
    // One partition each: how far the story is follows from its end.
    List<NewTopic> missing =
        own.stream()
            .filter(topic -> !there.contains(topic))
            .map(topic -> new NewTopic(topic, Optional.of(1), Optional.empty()))
            .toList();
    admin.createTopics(missing).all().get();
    boolean told = false;
    while (!admin.listTopics().names().get().containsAll(others)) {
      if (!told) {
        LOGGER.atInfo().log(
            "The sample pipeline waits for Redrive to create its topics: {}", others);
        told = true;
      }
      if (stop.await(POLL.toMillis(), MILLISECONDS)) {
        return;
      }
    }
  }
}
