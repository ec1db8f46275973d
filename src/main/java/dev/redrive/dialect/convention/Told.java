// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.convention;

import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a producer tells of a failure, whichever convention it told it in. Null: it did not say.
 *
 * @param ids who failed what
 * @param source where the record first came from
 * @param failedOn the topic it failed on last
 * @param retryCount how often the producer tried, the first time included where it counts that
 * @param fidelity what the kept payload is worth
 * @param part the record that a batch's letter keeps in place of the whole batch; else null
 */
public record Told(
    Ids ids,
    FailureError error,
    Source source,
    @Nullable String failedOn,
    Times times,
    @Nullable Integer retryCount,
    Fidelity fidelity,
    Extras extras,
    @Nullable Part part) {

  /**
   * Identities that the convention always writes, or none: one that is there only sometimes would
   * make two letters of one record.
   *
   * @param own whether they are of our own contract, so go before the settings and before where the
   *     record lay; a foreign record id, such as a message's, only stands in for a place that is
   *     not told
   */
  public record Ids(
      @Nullable String pipelineId,
      @Nullable String recordId,
      @Nullable String connectionId,
      @Nullable String pipelineRunId,
      boolean own) {
    public static final Ids NONE = new Ids(null, null, null, null, false);

    public static Ids pipeline(@Nullable String pipelineId) {
      return pipelineId == null ? NONE : new Ids(pipelineId, null, null, null, false);
    }

    /** Of a message that keeps its id when it is published again. */
    public static Ids message(@Nullable String messageId) {
      return messageId == null ? NONE : new Ids(null, messageId, null, null, false);
    }
  }

  /** Epoch milliseconds. */
  public record Times(long failedAt, @Nullable Long firstFailedAt) {
    public static Times at(long failedAt) {
      return new Times(failedAt, null);
    }
  }

  /** What few conventions can tell: ours, and metadata many. */
  public record Extras(
      FailureKind kind,
      List<String> labels,
      @Nullable String metadata,
      @Nullable HttpDelivery http,
      @Nullable HttpFacts httpFacts) {
    public static final Extras NONE =
        new Extras(FailureKind.EXCEPTION, List.of(), null, null, null);

    /**
     * Nothing but this.
     *
     * @param metadata a JSON object, or null
     */
    public static Extras metadata(@Nullable String metadata) {
      return metadata == null
          ? NONE
          : new Extras(FailureKind.EXCEPTION, List.of(), metadata, null, null);
    }
  }

  /**
   * One record of an envelope.
   *
   * @param raw what the letter keeps: for a batch, the bytes of this record alone
   * @param payload the record that failed, whose headers may carry the ids of a replay
   * @param number from 0; -1: the envelope holds one record only
   */
  public record Part(RawRecord raw, @Nullable RawRecord payload, int number) {}

  public static Told of(
      Ids ids,
      FailureError error,
      Source source,
      @Nullable String failedOn,
      Times times,
      @Nullable Integer retryCount,
      Fidelity fidelity) {
    return new Told(ids, error, source, failedOn, times, retryCount, fidelity, Extras.NONE, null);
  }

  /**
   * The same with metadata.
   *
   * @param metadata a JSON object, or null
   */
  public Told with(@Nullable String metadata) {
    return new Told(
        ids, error, source, failedOn, times, retryCount, fidelity, Extras.metadata(metadata), part);
  }
}
