// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Deadline;
import dev.redrive.codec.HourlyCount;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.Refusal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the replays of a pipeline, whoever asked for them, to its limit per hour. Each partition of
 * the ledger holds to its part of the limit on its own, with a row that outlives a take-over.
 */
final class ReplayLimits {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReplayLimits.class);

  private final PipelineRules pipelines;
  private final KeyValueStore<Bytes, byte[]> store;
  private final Set<String> reached = new HashSet<>();

  /** Begins for one init of a task. */
  ReplayLimits(PipelineRules pipelines, KeyValueStore<Bytes, byte[]> store) {
    this.pipelines = pipelines;
    this.store = store;
  }

  boolean allows(String pipelineId, long now) {
    Optional<Integer> limit = pipelines.replaysPerHour(pipelineId);
    if (limit.isEmpty() || count(pipelineId).within(now) < limit.get()) {
      reached.remove(pipelineId);
      return true;
    }
    if (reached.add(pipelineId)) {
      LOGGER
          .atWarn()
          .addKeyValue("pipeline_id", pipelineId)
          .addKeyValue("limit", limit.get())
          .log("a pipeline has all the replays that this partition allows it in an hour");
    }
    return false;
  }

  /** When the next replay may go, epoch milliseconds. */
  long until(String pipelineId, long now) {
    return count(pipelineId).nextLeaves(now);
  }

  /** Why a command has to wait: it is not put off, since somebody waits for its answer. */
  Refusal refusal(String pipelineId, long now) {
    Instant next = Instant.ofEpochMilli(until(pipelineId, now));
    return new Refusal(
        Refusal.Code.REPLAY_LIMIT,
        "pipeline "
            + pipelineId
            + " has had the replays that it is allowed in an hour (max-replays-per-hour); send the"
            + " command again after "
            + next.truncatedTo(ChronoUnit.SECONDS)
            + ", or raise the limit");
  }

  /** A replay is sent. */
  void sent(String pipelineId, long now) {
    if (pipelines.replaysPerHour(pipelineId).isPresent()) {
      store.put(key(pipelineId), count(pipelineId).plus(now).encode());
    }
  }

  /** The deadline of a row has come: no replay of its pipeline counts any more. */
  void forget(byte[] rowKey, long now) {
    Bytes key = Bytes.wrap(rowKey);
    byte[] row = store.get(key);
    if (row != null && Deadline.of(row) <= now) {
      store.delete(key);
    }
  }

  private HourlyCount count(String pipelineId) {
    byte[] row = store.get(key(pipelineId));
    return row == null ? HourlyCount.NONE : HourlyCount.decode(row);
  }

  private static Bytes key(String pipelineId) {
    return Bytes.wrap(RowKey.replays(pipelineId));
  }
}
