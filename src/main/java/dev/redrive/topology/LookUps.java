// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.LetterId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long the shares of a partition have been waiting for what others look up: retry topics, and
 * the originals of letters. Only in memory: who takes the partition over begins to wait anew.
 */
final class LookUps {
  private static final Duration TOPIC = Duration.ofSeconds(10);
  private static final Duration ORIGINAL = Duration.ofSeconds(60);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(5);
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  private final Map<String, Long> topics = new HashMap<>();
  private final Map<LetterId, Wait> originals = new HashMap<>();
  private final Map<String, Long> runs = new HashMap<>();
  private final Map<String, Long> askAgain = new HashMap<>();

  private record Wait(long since, long askedAt) {}

  /** A step begins. */
  void begin(long now) {
    long before = now - REMEMBERED.toMillis();
    topics.values().removeIf(since -> since < before);
    originals.values().removeIf(wait -> wait.since < before);
  }

  /** When this task first worked on the run: what was seen of a topic before says nothing. */
  long began(String runId, long now) {
    return runs.computeIfAbsent(runId, run -> now);
  }

  void ended(String runId) {
    runs.remove(runId);
    askAgain.remove(runId);
  }

  /** Whether the topic is still worth waiting for; then letters that go there are refused. */
  boolean awaitsTopic(String topic, long now) {
    return now - topics.computeIfAbsent(topic, t -> now) <= TOPIC.toMillis();
  }

  void known(String topic) {
    topics.remove(topic);
  }

  /** Whether the letter's original is still worth waiting for. */
  boolean awaitsOriginal(LetterId letter, long now) {
    Wait wait = originals.get(letter);
    return wait == null || now - wait.since <= ORIGINAL.toMillis();
  }

  /** Whether it is time to have the original read, for the first time or again. */
  boolean asksForOriginal(LetterId letter, long now) {
    Wait wait = originals.get(letter);
    if (wait != null && now - wait.askedAt < ASK_AGAIN.toMillis()) {
      return false;
    }
    originals.put(letter, new Wait(wait == null ? now : wait.since, now));
    return true;
  }

  void read(LetterId letter) {
    originals.remove(letter);
  }

  /** Whether it is time to try the run's letters that were put off. */
  boolean again(String runId, long now) {
    return now >= askAgain.getOrDefault(runId, 0L);
  }

  /** They were tried. */
  void asked(String runId, long now, long pause) {
    askAgain.put(runId, now + pause);
  }
}
