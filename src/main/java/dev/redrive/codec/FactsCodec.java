// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.Origin;
import dev.redrive.letter.ReplayMark;
import org.jspecify.annotations.Nullable;

/** {@link FailureFacts} as bytes; part of other layouts, which carry the version. */
final class FactsCodec {
  private static final int PIPELINE = 'P';
  private static final int MANUAL = 'M';
  private static final int EXCEPTION = 'E';
  private static final int VERIFICATION = 'V';

  private FactsCodec() {}

  static void write(ByteWriter out, FailureFacts facts) {
    out.text(facts.pipelineId())
        .text(facts.recordId())
        .u8(facts.origin() == Origin.PIPELINE ? PIPELINE : MANUAL)
        .u8(facts.kind() == FailureKind.EXCEPTION ? EXCEPTION : VERIFICATION)
        .u8(byteOf(facts.fidelity()))
        .text(facts.connectionId())
        .text(facts.errorCode())
        .text(facts.groupId())
        .text(facts.pipelineRunId())
        .number(facts.failedAt())
        .number(facts.firstFailedAt())
        .number(facts.arrivedAt())
        .optional(facts.retryCount())
        .list(facts.labels(), ByteWriter::text)
        .text(facts.sourceTopic());
    writePosition(out, facts.position());
    ReplayMark replay = facts.replay();
    if (replay == null) {
      out.u8(0);
    } else {
      out.u8(1).text(replay.runId()).optional(replay.attempt());
    }
    writeHttp(out, facts.http());
  }

  static FailureFacts read(ByteReader in) {
    String pipelineId = in.text();
    String recordId = in.text();
    Origin origin = originOf(in.u8());
    FailureKind kind = kindOf(in.u8());
    Fidelity fidelity = fidelityOf(in.u8());
    return new FailureFacts(
        pipelineId,
        recordId,
        origin,
        kind,
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.number(),
        in.number(),
        in.number(),
        in.optionalInt(),
        in.list(ByteReader::text),
        in.optionalText(),
        fidelity,
        readPosition(in),
        in.flag() ? new ReplayMark(in.optionalText(), in.optionalInt()) : null,
        readHttp(in));
  }

  private static Origin originOf(int value) {
    return switch (value) {
      case PIPELINE -> Origin.PIPELINE;
      case MANUAL -> Origin.MANUAL;
      default -> throw new UnreadableBytesException("unknown origin " + value);
    };
  }

  private static FailureKind kindOf(int value) {
    return switch (value) {
      case EXCEPTION -> FailureKind.EXCEPTION;
      case VERIFICATION -> FailureKind.VERIFICATION;
      default -> throw new UnreadableBytesException("unknown failure kind " + value);
    };
  }

  private static int byteOf(Fidelity fidelity) {
    return switch (fidelity) {
      case ORIGINAL -> 'O';
      case RESERIALIZED -> 'R';
      case EXTRACTED -> 'E';
      case TEXT_ONLY -> 'T';
      case MISSING -> 'M';
    };
  }

  private static Fidelity fidelityOf(int value) {
    return switch (value) {
      case 'O' -> Fidelity.ORIGINAL;
      case 'R' -> Fidelity.RESERIALIZED;
      case 'E' -> Fidelity.EXTRACTED;
      case 'T' -> Fidelity.TEXT_ONLY;
      case 'M' -> Fidelity.MISSING;
      default -> throw new UnreadableBytesException("unknown fidelity " + value);
    };
  }

  private static void writePosition(ByteWriter out, DeadLetterPosition position) {
    if (!position.exists()) {
      out.u8(0);
      return;
    }
    out.u8(1)
        .uuid(position.topicId())
        .text(position.topic())
        .number(position.partition())
        .number(position.offset())
        .number(position.part())
        .number(position.timestamp());
  }

  private static DeadLetterPosition readPosition(ByteReader in) {
    return !in.flag()
        ? DeadLetterPosition.NONE
        : new DeadLetterPosition(
            in.uuid(), in.text(), in.integer(), in.number(), in.integer(), in.number());
  }

  private static void writeHttp(ByteWriter out, @Nullable HttpFacts http) {
    if (http == null) {
      out.u8(0);
      return;
    }
    out.u8(1)
        .text(http.workflowRunId())
        .text(http.workflowUrl())
        .text(http.flowControlKey())
        .text(http.callerIp())
        .text(http.callbackState());
  }

  private static @Nullable HttpFacts readHttp(ByteReader in) {
    return !in.flag()
        ? null
        : new HttpFacts(
            in.optionalText(),
            in.optionalText(),
            in.optionalText(),
            in.optionalText(),
            in.optionalText());
  }
}
