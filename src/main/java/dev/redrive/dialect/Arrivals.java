// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.header.Texts;
import dev.redrive.dialect.header.Warnings;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Grouping;
import dev.redrive.letter.Grouping.Group;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failure of what its producer told: times set right, and everything that the ledger copies
 * for each change of a letter held to a size.
 */
final class Arrivals {
  private static final int MAX_TOPIC = 249;
  private static final int MAX_CLASS = 500;
  private static final int MAX_MESSAGE = 32 * 1024;

  /** Clocks differ; further ahead than this a failed time would top every list for long. */
  private static final long MAX_AHEAD_MS = 5 * 60 * 1000;

  private Arrivals() {}

  static Failure failure(
      Inbound inbound,
      Told told,
      Identity identity,
      List<String> conventions,
      Grouping grouping,
      Warnings warnings) {
    FailureError error = bounded(told.error(), warnings);
    Group group = grouping.group(identity.pipelineId(), error).orElse(null);
    FailureFacts facts =
        facts(inbound, told, identity, error.code(), group == null ? null : group.id(), warnings);
    Told.Part part = told.part();
    FailureDetail detail =
        new FailureDetail(
            part == null ? inbound.raw() : part.raw(),
            conventions.isEmpty() ? UnknownDialect.NAME : conventions.get(0),
            conventions,
            rooted(error, group),
            bounded(told.source(), warnings),
            told.extras().metadata(),
            told.extras().http(),
            warnings.texts(),
            null);
    return new Failure(identity.letterId(), facts, detail);
  }

  private static FailureFacts facts(
      Inbound inbound,
      Told told,
      Identity identity,
      @Nullable String code,
      @Nullable String group,
      Warnings warnings) {
    long failedAt = failedAt(told, inbound, warnings);
    Long first = told.times().firstFailedAt();
    return new FailureFacts(
        identity.pipelineId(),
        identity.recordId(),
        Origin.PIPELINE,
        told.extras().kind(),
        Texts.bounded(told.ids().connectionId(), Texts.MAX_SHORT, "the connection's id", warnings),
        code,
        group,
        Texts.bounded(
            told.ids().pipelineRunId(), Texts.MAX_SHORT, "the pipeline's run id", warnings),
        failedAt,
        first == null ? failedAt : Math.min(first, failedAt),
        inbound.arrivedAt(),
        told.retryCount(),
        labels(told.extras().labels(), warnings),
        Texts.bounded(told.failedOn(), MAX_TOPIC, "the source topic", warnings),
        told.fidelity(),
        position(inbound, told.part()),
        identity.replay(),
        told.extras().httpFacts());
  }

  private static DeadLetterPosition position(Inbound inbound, Told.@Nullable Part part) {
    return new DeadLetterPosition(
        inbound.topicId(),
        inbound.topic(),
        inbound.partition(),
        inbound.offset(),
        part == null ? 0 : Math.max(0, part.number()),
        inbound.timestamp());
  }

  /** The trace tells the root cause where the producer does not. */
  private static FailureError rooted(FailureError error, @Nullable Group group) {
    if (error.rootCause() != null || group == null || group.rootCause() == null) {
      return error;
    }
    return new FailureError(
        error.code(),
        error.message(),
        error.className(),
        Texts.cut(group.rootCause(), MAX_CLASS),
        error.stackTrace());
  }

  private static long failedAt(Told told, Inbound inbound, Warnings warnings) {
    long failedAt = told.times().failedAt();
    if (failedAt - inbound.arrivedAt() <= MAX_AHEAD_MS) {
      return failedAt;
    }
    warnings.add(
        "failed time "
            + failedAt
            + " is more than 5 minutes after its arrival; the arrival is taken instead");
    return inbound.arrivedAt();
  }

  private static FailureError bounded(FailureError error, Warnings warnings) {
    return new FailureError(
        Texts.bounded(error.code(), Texts.MAX_SHORT, "the error code", warnings),
        Texts.bounded(error.message(), MAX_MESSAGE, "the error message", warnings),
        Texts.bounded(error.className(), MAX_CLASS, "the error class", warnings),
        Texts.bounded(error.rootCause(), MAX_CLASS, "the root cause", warnings),
        error.stackTrace());
  }

  private static Source bounded(Source source, Warnings warnings) {
    String topic = source.topic();
    String group = source.consumerGroup();
    boolean fits =
        (topic == null || topic.length() <= MAX_TOPIC)
            && (group == null || group.length() <= MAX_TOPIC);
    return fits
        ? source
        : new Source(
            Texts.bounded(topic, MAX_TOPIC, "the origin's topic", warnings),
            source.partition(),
            source.offset(),
            source.timestamp(),
            Texts.bounded(group, MAX_TOPIC, "the origin's consumer group", warnings));
  }

  private static List<String> labels(List<String> told, Warnings warnings) {
    if (told.isEmpty()) {
      return List.of();
    }
    if (told.size() > Texts.MAX_LABELS) {
      warnings.add("more than " + Texts.MAX_LABELS + " labels; the rest ignored");
    }
    List<String> labels = new ArrayList<>();
    for (String label : told.subList(0, Math.min(told.size(), Texts.MAX_LABELS))) {
      String bounded = Texts.bounded(label, Texts.MAX_SHORT, "a label", warnings);
      if (bounded != null && !bounded.isEmpty() && !labels.contains(bounded)) {
        labels.add(bounded);
      }
    }
    return labels;
  }
}
