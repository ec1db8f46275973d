// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The small part of a failure: what the ledger decides by and what indexes are made of. It is read
 * and written for every change of a letter, so nothing of unbounded size belongs here.
 *
 * @param pipelineId 1 to 249 characters
 * @param recordId id of the record within its pipeline, at most {@link #MAX_RECORD_ID} characters
 * @param pipelineRunId the producer's own run
 * @param failedAt epoch milliseconds; orders lists; never far after {@code arrivedAt}
 * @param firstFailedAt epoch milliseconds, as the producer says, else {@code failedAt}
 * @param arrivedAt the broker's append time on the error topic, epoch milliseconds
 * @param retryCount what the producer says it tried before giving up
 * @param sourceTopic the topic that the record failed on, where known
 * @param replay set where the failure carries the headers of one of our replays
 */
public record FailureFacts(
    String pipelineId,
    String recordId,
    Origin origin,
    FailureKind kind,
    @Nullable String connectionId,
    @Nullable String errorCode,
    @Nullable String groupId,
    @Nullable String pipelineRunId,
    long failedAt,
    long firstFailedAt,
    long arrivedAt,
    @Nullable Integer retryCount,
    List<String> labels,
    @Nullable String sourceTopic,
    Fidelity fidelity,
    DeadLetterPosition position,
    @Nullable ReplayMark replay,
    @Nullable HttpFacts http) {

  public static final int MAX_PIPELINE_ID = 249;
  public static final int MAX_RECORD_ID = 1_000;

  public FailureFacts {
    labels = List.copyOf(labels);
  }

  public LetterId letterId() {
    return LetterId.of(pipelineId, recordId);
  }

  /** The same failure, known to be that of a replay which it does not name itself. */
  public FailureFacts ofReplay(String record, ReplayMark mark) {
    return copy(
        pipelineId, record, origin, connectionId, errorCode, failedAt, sourceTopic, position, mark);
  }

  /** The same failure told of a letter whose identity is already fixed. */
  FailureFacts as(FailureFacts letter) {
    return copy(
        letter.pipelineId,
        letter.recordId,
        letter.origin,
        connectionId == null ? letter.connectionId : connectionId,
        errorCode,
        failedAt,
        sourceTopic == null ? letter.sourceTopic : sourceTopic,
        position,
        replay);
  }

  /** These facts with what an outcome, not a failed record, tells of them. */
  FailureFacts failedWith(@Nullable String code, long at, @Nullable String runId) {
    ReplayMark told = runId == null ? replay : new ReplayMark(runId, null);
    return copy(
        pipelineId,
        recordId,
        origin,
        connectionId,
        code == null ? errorCode : code,
        at,
        sourceTopic,
        position,
        told);
  }

  /** A manual addition to a letter that failed before: where it lay stays known. */
  FailureFacts at(DeadLetterPosition known) {
    return copy(
        pipelineId,
        recordId,
        origin,
        connectionId,
        errorCode,
        failedAt,
        sourceTopic,
        known,
        replay);
  }

  /**
   * The stored record kept, marked as added by hand, with the addition's error where it has one.
   */
  FailureFacts manual(FailureFacts addition) {
    return copy(
        pipelineId,
        recordId,
        addition.origin,
        connectionId,
        addition.errorCode == null ? errorCode : addition.errorCode,
        failedAt,
        sourceTopic,
        position,
        replay);
  }

  /** The same HTTP delivery, with this known of it. */
  FailureFacts with(HttpFacts known) {
    return new FailureFacts(
        pipelineId,
        recordId,
        origin,
        kind,
        connectionId,
        errorCode,
        groupId,
        pipelineRunId,
        failedAt,
        firstFailedAt,
        arrivedAt,
        retryCount,
        labels,
        sourceTopic,
        fidelity,
        position,
        replay,
        known);
  }

  private FailureFacts copy(
      String pipeline,
      String record,
      Origin from,
      @Nullable String connection,
      @Nullable String code,
      long failed,
      @Nullable String topic,
      DeadLetterPosition lies,
      @Nullable ReplayMark mark) {
    return new FailureFacts(
        pipeline,
        record,
        from,
        kind,
        connection,
        code,
        groupId,
        pipelineRunId,
        failed,
        firstFailedAt,
        arrivedAt,
        retryCount,
        labels,
        topic,
        fidelity,
        lies,
        mark,
        http);
  }
}
