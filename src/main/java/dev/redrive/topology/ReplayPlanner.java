// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Landing;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.config.RetryTopic;
import dev.redrive.dialect.Dialects;
import dev.redrive.dialect.ReplayHeaders;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Original;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.letter.TraceContext;
import dev.redrive.topology.Payloads.Payload;
import dev.redrive.topology.effects.Fetched;
import dev.redrive.topology.effects.FetchedOriginals;
import dev.redrive.topology.topics.RetryTarget;
import dev.redrive.topology.topics.RetryTarget.Writable;
import dev.redrive.topology.topics.RetryTargets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a replay sends and where to, or why it must not be sent. Everything that would make
 * the send fail is found here, because a failed send aborts the whole transaction.
 */
final class ReplayPlanner {
  /** How long a landing is remembered after its replay has settled, at the latest. */
  private static final Duration LANDING_KEPT = Duration.ofHours(24);

  private final PipelineRules pipelines;
  private final TopicNames topics;
  private final RetryTargets targets;
  private final SendFailures sendFailures;
  private final FetchedOriginals originals;

  ReplayPlanner(
      PipelineRules pipelines,
      TopicNames topics,
      RetryTargets targets,
      SendFailures sendFailures,
      FetchedOriginals originals) {
    this.pipelines = pipelines;
    this.topics = topics;
    this.targets = targets;
    this.sendFailures = sendFailures;
    this.originals = originals;
  }

  /**
   * What the one who asks wants to travel along.
   *
   * @param priority {@code high}, {@code normal} or {@code low}
   * @param headers of the replay's record, besides its own
   */
  record Wish(Command.Meta meta, @Nullable String priority, List<Header> headers) {
    Wish(Command.Meta meta, @Nullable String priority) {
      this(meta, priority, List.of());
    }

    static Wish of(LetterCommand command) {
      return new Wish(command.meta(), command.priority(), command.headers());
    }
  }

  /** What becomes of a replay. */
  sealed interface Plan {
    /**
     * It can go.
     *
     * @param landing what to remember of where it lands; null: nothing
     */
    record Send(String target, RawRecord record, long timestamp, @Nullable Landing landing)
        implements Plan {
      /** The trace that goes on with it; null: none. */
      @Nullable TraceContext trace() {
        return TraceContext.of(record.headers()).orElse(null);
      }
    }

    /** It must not. */
    record Refuse(Refusal refusal) implements Plan {
      static Refuse because(Code code, String message) {
        return new Refuse(new Refusal(code, message));
      }
    }

    /** The retry topic is being looked up; ask again soon. */
    record Later(String topic) implements Plan {}

    /**
     * The letter has not the whole record. Have it read ({@code EffectRunner.fetch}), then ask
     * again: it is sent from {@link FetchedOriginals}, or refused with what was found there.
     */
    record Fetch(Original original) implements Plan {}
  }

  /**
   * Decides.
   *
   * @param since when the replay was asked for: no refusal tells what was seen of its retry topic
   *     before
   */
  Plan plan(
      LetterId id,
      LetterHead head,
      FailureDetail detail,
      Wish wish,
      String runId,
      long since,
      long now) {
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
    String failedBefore = sendFailures.refusal(id, runId).orElse(null);
    if (failedBefore != null) {
      return Plan.Refuse.because(Code.SEND_FAILED, failedBefore);
    }
    RetryTarget found = targets.find(target, since);
    if (found instanceof RetryTarget.NotYetKnown) {
      return new Plan.Later(target);
    }
    if (found instanceof RetryTarget.Missing) {
      return Plan.Refuse.because(
          Code.TARGET_MISSING, "retry topic " + target + " does not exist; create it");
    }
    if (found instanceof RetryTarget.NotWritable) {
      return Plan.Refuse.because(
          Code.TARGET_NOT_WRITABLE,
          "Redrive may not write to retry topic " + target + "; allow its principal to");
    }
    ReplayHeaders stamp = stamp(id, facts, wish, runId, head.attempt() + 1);
    return withPayload(target, (Writable) found, id, facts, detail, stamp, now);
  }

  private Plan withPayload(
      String topic,
      Writable target,
      LetterId id,
      FailureFacts facts,
      FailureDetail detail,
      ReplayHeaders stamp,
      long now) {
    Original original = Payloads.original(facts, detail, topics).orElse(null);
    Payload payload;
    if (original == null) {
      payload = Payloads.kept(id, facts, detail, stamp);
    } else if (original.bytes() > pipelines.maxReplayBytes()) {
      return tooLarge(original.bytes());
    } else {
      Fetched fetched = originals.take(id, original).orElse(null);
      if (fetched == null) {
        return new Plan.Fetch(original);
      }
      payload = Payloads.fetched(id, facts, detail, stamp, original, fetched);
    }
    return payload instanceof Payload.Ready ready
        ? send(topic, target, ready, landing(facts, detail, stamp, topic, now), now)
        : Payloads.refusal((Payload.None) payload);
  }

  private Plan send(
      String topic, Writable target, Payload.Ready payload, @Nullable Landing landing, long now) {
    int size = RecordSize.upperBound(payload.record());
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
    if (size > pipelines.maxReplayBytes()) {
      return tooLarge(size);
    }
    if (target.needsKey() && payload.record().key() == null) {
      return Plan.Refuse.because(
          Code.TARGET_NEEDS_KEY,
          "the record has no key, and retry topic "
              + topic
              + " is compacted; set its cleanup.policy to delete");
    }
    Long original = pipelines.originalTimestamp() ? payload.timestamp() : null;
    return new Plan.Send(
        topic, payload.record(), target.timestamp(original == null ? -1 : original, now), landing);
  }

  /**
   * Only for producers that drop the headers, since for all others the replay says itself what it
   * is; and where a consumer group's progress tells the outcome.
   */
  private @Nullable Landing landing(
      FailureFacts facts, FailureDetail detail, ReplayHeaders stamp, String topic, long now) {
    String group =
        pipelines
            .outcomeGroup(facts.pipelineId())
            .filter(set -> !Dialects.retriesLater(detail))
            .orElse(null);
    boolean drops = pipelines.dropsHeaders(facts.pipelineId()) || Dialects.dropsHeaders(detail);
    if (group == null && !drops) {
      return null;
    }
    long settled = now + pipelines.settleTimeout(facts.pipelineId());
    return new Landing(
        new Coordinates(topic, 0, 0),
        stamp.letterId(),
        facts.pipelineId(),
        facts.recordId(),
        stamp.runId(),
        stamp.attempt(),
        group,
        settled + LANDING_KEPT.toMillis());
  }

  private Plan tooLarge(long size) {
    return Plan.Refuse.because(
        Code.NO_PAYLOAD,
        "the record takes up to "
            + size
            + " bytes and Redrive sends up to "
            + pipelines.maxReplayBytes()
            + "; raise limits.original");
  }

  /** The retry topic; null: nobody knows which. */
  @Nullable String target(FailureFacts facts) {
    RetryTopic retry = pipelines.retryTopic(facts.pipelineId());
    return retry instanceof RetryTopic.Named named ? named.topic() : facts.sourceTopic();
  }

  private static ReplayHeaders stamp(
      LetterId id, FailureFacts facts, Wish wish, String runId, int attempt) {
    return new ReplayHeaders(
        id,
        facts.pipelineId(),
        facts.recordId(),
        runId,
        attempt,
        wish.priority(),
        wish.meta().note(),
        wish.meta().requestedBy(),
        wish.meta().mode(),
        wish.headers());
  }
}
