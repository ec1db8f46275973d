// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Landing;
import dev.redrive.letter.Coordinates;
import dev.redrive.topology.SendFailures.Sent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Where replays landed, between the acknowledgement that tells it and the task that sends it on.
 * Only replays that somebody announced are looked at; of all others it costs one comparison. What
 * is lost here, by a crash or because it is too much, is a hint and no more.
 */
public final class Landings {
  private static final int MAX = 100_000;

  private final Map<Sent, Landing> expected =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Sent, Landing> eldest) {
          return size() > MAX;
        }
      };

  private final Queue<Landing> landed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean any;

  /**
   * A replay is about to be sent whose place will be wanted.
   *
   * @param landing its place may be anything
   */
  void expect(Landing landing) {
    synchronized (expected) {
      expected.put(new Sent(landing.letter(), landing.attempt()), landing);
      any = true;
    }
  }

  /** What is known of a replay that the broker took, if it was expected. */
  Optional<Landing> of(ProducerRecord<byte[], byte[]> replay, @Nullable RecordMetadata at) {
    if (!any || at == null || !at.hasOffset()) {
      return Optional.empty();
    }
    return SendFailures.sent(replay)
        .map(this::taken)
        .map(
            landing ->
                new Landing(
                    new Coordinates(at.topic(), at.partition(), at.offset()),
                    landing.letter(),
                    landing.pipelineId(),
                    landing.recordId(),
                    landing.runId(),
                    landing.attempt(),
                    landing.group(),
                    landing.forgetAt()));
  }

  /** The transaction of the replay has committed. */
  void committed(Landing landing) {
    if (waiting.incrementAndGet() > MAX) {
      waiting.decrementAndGet();
      return;
    }
    landed.add(landing);
  }

  /** The next that nobody has sent on yet. */
  Optional<Landing> next() {
    Landing next = landed.poll();
    if (next != null) {
      waiting.decrementAndGet();
    }
    return Optional.ofNullable(next);
  }

  private @Nullable Landing taken(Sent attempt) {
    synchronized (expected) {
      Landing landing = expected.remove(attempt);
      any = !expected.isEmpty();
      return landing;
    }
  }
}
