// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.command.Command;
import dev.redrive.config.RetryTopic;
import dev.redrive.dialect.ReplayHeaders;
import dev.redrive.dialect.Replays;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.topology.topics.RetryTarget;
import dev.redrive.topology.topics.RetryTarget.Writable;
import dev.redrive.topology.topics.RetryTargets;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a replay sends and where to, or why it must not be sent. Everything that would make
 * the send fail is found here, because a failed send aborts the whole transaction.
 */
final class ReplayPlanner {
  private final PipelineRules pipelines;
  private final TopicNames topics;
  private final RetryTargets targets;
  private final SendFailures sendFailures;

  ReplayPlanner(
      PipelineRules pipelines, TopicNames topics, RetryTargets targets, SendFailures sendFailures) {
    this.pipelines = pipelines;
    this.topics = topics;
    this.targets = targets;
    this.sendFailures = sendFailures;
  }

  /** What becomes of a replay. */
  sealed interface Plan {
    /** It can go. */
    record Send(String target, RawRecord record, long timestamp) implements Plan {}

    /** It must not. */
    record Refuse(Refusal refusal) implements Plan {
      static Refuse because(Code code, String message) {
        return new Refuse(new Refusal(code, message));
      }
    }

    /** The retry topic is being looked up; ask again soon. */
    record Later() implements Plan {}
  }

  Plan plan(
      LetterId id, LetterHead head, FailureDetail detail, Command command, String runId, long now) {
    FailureFacts facts = head.facts();
    String target = target(facts);
    if (target == null) {
      return Plan.Refuse.because(
          Code.TARGET_UNKNOWN,
          "letter "
              + id
              + " goes back to the topic it came from, and its producer does not say"
              + " which; set retry-topic of pipeline "
              + facts.pipelineId());
    }
    if (topics.refusesReplays(target)) {
      return Plan.Refuse.because(
          Code.TARGET_IS_ERROR_TOPIC,
          "retry topic "
              + target
              + " is one that Redrive itself reads or writes; set another"
              + " retry-topic for pipeline "
              + facts.pipelineId());
    }
    Plan.Refuse noPayload = payloadRefusal(id, facts, detail);
    if (noPayload != null) {
      return noPayload;
    }
    int attempt = head.attempt() + 1;
    String failedBefore = sendFailures.take(id, runId).orElse(null);
    if (failedBefore != null) {
      return Plan.Refuse.because(Code.SEND_FAILED, failedBefore);
    }
    return toTarget(target, id, facts, detail, command, runId, attempt, now);
  }

  private Plan toTarget(
      String topic,
      LetterId id,
      FailureFacts facts,
      FailureDetail detail,
      Command command,
      String runId,
      int attempt,
      long now) {
    RetryTarget found = targets.find(topic);
    if (found instanceof RetryTarget.NotYetKnown) {
      return new Plan.Later();
    }
    if (found instanceof RetryTarget.Missing) {
      return Plan.Refuse.because(
          Code.TARGET_MISSING, "retry topic " + topic + " does not exist; create it");
    }
    if (found instanceof RetryTarget.NotWritable) {
      return Plan.Refuse.because(
          Code.TARGET_NOT_WRITABLE,
          "Redrive may not write to retry topic " + topic + "; allow its principal to");
    }
    Writable target = (Writable) found;
    ReplayHeaders stamp = stamp(id, facts, command, runId, attempt);
    RawRecord record =
        facts.fidelity() == Fidelity.MISSING
            ? Replays.reference(stamp)
            : Replays.record(detail, stamp).orElse(null);
    if (record == null) {
      return noPayload(id);
    }
    int size = RecordSize.upperBound(record);
    if (size > target.maxMessageBytes()) {
      return Plan.Refuse.because(
          Code.TARGET_TOO_SMALL,
          "the record takes up to "
              + size
              + " bytes and retry topic "
              + topic
              + " takes "
              + target.maxMessageBytes()
              + "; raise its max.message.bytes");
    }
    Long original = pipelines.originalTimestamp() ? detail.source().timestamp() : null;
    return new Plan.Send(topic, record, target.timestamp(original == null ? -1 : original, now));
  }

  private @Nullable String target(FailureFacts facts) {
    RetryTopic retry = pipelines.retryTopic(facts.pipelineId());
    return retry instanceof RetryTopic.Named named ? named.topic() : facts.sourceTopic();
  }

  private static Plan.@Nullable Refuse payloadRefusal(
      LetterId id, FailureFacts facts, FailureDetail detail) {
    if (detail.cut() != null && detail.cut().payload()) {
      return Plan.Refuse.because(
          Code.NO_PAYLOAD,
          "the record of letter "
              + id
              + " was too large to keep whole; it lies at "
              + facts.position().coordinates()
              + ". Raise limits.payload before it arrives, or send"
              + " it from there");
    }
    boolean byReference = facts.origin() == Origin.MANUAL && facts.fidelity() == Fidelity.MISSING;
    boolean lost = facts.fidelity() == Fidelity.TEXT_ONLY || facts.fidelity() == Fidelity.MISSING;
    return lost && !byReference ? noPayload(id) : null;
  }

  private static Plan.Refuse noPayload(LetterId id) {
    return Plan.Refuse.because(
        Code.NO_PAYLOAD,
        "the producer of letter " + id + " did not keep the record, so there is nothing to send");
  }

  private static ReplayHeaders stamp(
      LetterId id, FailureFacts facts, Command command, String runId, int attempt) {
    return new ReplayHeaders(
        id,
        facts.pipelineId(),
        facts.recordId(),
        runId,
        attempt,
        command.priority(),
        command.meta().note(),
        command.meta().requestedBy(),
        command.meta().mode());
  }
}
