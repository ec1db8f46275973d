// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.header.Texts;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureDetail.Cut;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failure fit the largest entry that the ledger may write: the value is cut first, then the
 * stack trace, then the headers, each no further than it must be while the next can still give. The
 * letter is kept in any case and says what was cut; the original lies on the error topic.
 *
 * @param maxBytes of the encoded failure; no less than {@link #MIN_BYTES}
 */
public record FailureLimits(int maxBytes) {
  /** What a failure takes with everything cut: its facts at their largest, and some to show. */
  public static final int MIN_BYTES = 96 * 1024;

  /** Before a later part is touched, this much of an earlier one stays. */
  private static final int SHOWN_VALUE = 1024;

  private static final int SHOWN_TRACE = 8 * 1024;
  private static final int SHOWN_MESSAGE = 2 * 1024;

  /** The lengths that precede each part when encoded, and versions. */
  private static final int PER_PART = 6;

  private static final int FIXED = 1024;

  /** Facts, ids, warnings and short texts, all of which are bounded where they are read. */
  private static final long MAX_REST = 56 * 1024;

  private static final long LARGEST_REPLY =
      FIXED
          + CallbackReply.MAX_BODY
          + CallbackReply.MAX_HEADER
          + 3L * PER_PART * CallbackReply.MAX_HEADERS;

  /** Bytes of a character in UTF-8, at most. */
  private static final long LONGEST = 3;

  public FailureLimits {
    if (maxBytes < MIN_BYTES) {
      throw new IllegalArgumentException(
          "failures of at most " + maxBytes + " bytes; no less than " + MIN_BYTES + " work");
    }
  }

  /** The failure itself where it fits, as nearly all do. */
  public Failure fit(Failure failure) {
    if (surelyFits(failure)) {
      return failure;
    }
    long size = size(failure);
    if (size <= maxBytes) {
      return failure;
    }
    Kept kept = keep(failure.detail(), size - maxBytes + FIXED);
    return new Failure(failure.id(), failure.facts(), shortened(failure.detail(), kept));
  }

  /**
   * What is left.
   *
   * @param all whether even that was not enough
   */
  private record Kept(
      int value, @Nullable String trace, List<Header> headers, boolean all, Cut cut) {}

  private static Kept keep(FailureDetail detail, long tooMuch) {
    RawRecord raw = detail.raw();
    long over = tooMuch;
    long value = raw.value() == null ? 0 : raw.value().size();
    int keptValue = (int) Math.max(Math.min(value, SHOWN_VALUE), value - over);
    over -= value - keptValue;

    String trace = detail.error().stackTrace();
    long traceBytes = utf8(trace);
    if (over > 0 && trace != null) {
      trace = firstBytes(trace, Math.max(SHOWN_TRACE, traceBytes - over));
      over -= traceBytes - utf8(trace);
    }
    List<Header> headers = raw.headers();
    long headerBytes = headers(headers);
    if (over > 0 && !headers.isEmpty()) {
      headers = firstHeaders(headers, Math.max(0, headerBytes - over));
      over -= headerBytes - headers(headers);
    }
    // What cuts the key as well makes the payload a cut one, whatever became of the value.
    boolean all = over > 0;
    Cut cut =
        new Cut(
            keptValue < value || all ? Math.max(1, value) : 0,
            utf8(trace) < traceBytes ? traceBytes : 0,
            headers.size() < raw.headers().size() ? headerBytes : 0);
    return new Kept(keptValue, trace, headers, all, cut);
  }

  private FailureDetail shortened(FailureDetail detail, Kept kept) {
    RawRecord raw = detail.raw();
    FailureError error = detail.error();
    List<String> warnings = new ArrayList<>(detail.warnings());
    warnings.add(told(kept.cut()));
    RawBytes key = raw.key();
    String message = error.message();
    if (kept.all()) {
      warnings.add("too large without them: metadata, HTTP delivery and most of key and message");
      key = first(key, SHOWN_VALUE);
      message = message == null ? null : Texts.cut(message, SHOWN_MESSAGE);
    }
    return new FailureDetail(
        new RawRecord(key, first(raw.value(), kept.value()), kept.headers()),
        detail.dialect(),
        detail.conventions(),
        new FailureError(error.code(), message, error.className(), error.rootCause(), kept.trace()),
        detail.source(),
        kept.all() ? null : detail.metadata(),
        kept.all() ? null : detail.http(),
        warnings,
        kept.cut());
  }

  /** By lengths alone: counting the bytes of every stack trace would cost more than reading it. */
  private boolean surelyFits(Failure failure) {
    FailureDetail detail = failure.detail();
    if (detail.http() != null || failure.facts().http() != null) {
      return false;
    }
    long bytes = sizeOf(detail.raw().key()) + sizeOf(detail.raw().value());
    long characters = length(detail.error().stackTrace()) + length(detail.error().message());
    characters += length(detail.metadata());
    for (Header header : detail.raw().headers()) {
      bytes += PER_PART + sizeOf(header.value());
      characters += header.name().length();
    }
    return MAX_REST + bytes + LONGEST * characters <= maxBytes;
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private String told(Cut cut) {
    return "larger than "
        + maxBytes
        + " bytes, so cut: "
        + part("value", cut.valueBytes())
        + part("stack trace", cut.traceBytes())
        + part("headers", cut.headerBytes())
        + "the whole record lies on the error topic";
  }

  private static String part(String what, long bytes) {
    return bytes == 0 ? "" : what + " of " + bytes + " bytes; ";
  }

  /** At least what the failure takes when encoded. */
  private static long size(Failure failure) {
    FailureDetail detail = failure.detail();
    FailureError error = detail.error();
    RawRecord raw = detail.raw();
    long size = FIXED + sizeOf(raw.key()) + sizeOf(raw.value()) + headers(raw.headers());
    size += utf8(error.code()) + utf8(error.message()) + utf8(error.className());
    size += utf8(error.rootCause()) + utf8(error.stackTrace()) + utf8(detail.metadata());
    size += utf8(detail.source().topic()) + utf8(detail.source().consumerGroup());
    size += texts(detail.warnings()) + texts(detail.conventions());
    HttpDelivery http = detail.http();
    return size + facts(failure.facts()) + (http == null ? 0 : http(http));
  }

  private static long facts(FailureFacts facts) {
    long size = FIXED + utf8(facts.pipelineId()) + utf8(facts.recordId());
    size += utf8(facts.connectionId()) + utf8(facts.errorCode()) + utf8(facts.pipelineRunId());
    size += utf8(facts.sourceTopic()) + texts(facts.labels());
    // Bounded where they are read: four short texts, one URL, a run id, a topic.
    return size + (facts.http() == null ? 0 : 3L * (4 * Texts.MAX_SHORT + Texts.MAX_URL));
  }

  private static long http(HttpDelivery http) {
    long size = FIXED + utf8(http.url()) + utf8(http.callback()) + utf8(http.failureCallback());
    size += utf8(http.messageId()) + utf8(http.method()) + utf8(http.retryDelayExpression());
    size += utf8(http.topicName()) + utf8(http.endpointName()) + utf8(http.queueName());
    size += utf8(http.scheduleId()) + map(http.header()) + map(http.callbackHeader());
    size += map(http.failureCallbackHeader());
    size += map(http.response().header()) + sizeOf(http.response().body());
    long told =
        map(http.failureCallbackResponse().header())
            + sizeOf(http.failureCallbackResponse().body());
    // What the callback will answer is kept too, and must not make the stored letter too large.
    return size + (http.failureCallback() == null ? told : Math.max(told, LARGEST_REPLY));
  }

  private static long map(Map<String, List<String>> map) {
    long size = PER_PART;
    for (Map.Entry<String, List<String>> entry : map.entrySet()) {
      size += utf8(entry.getKey()) + texts(entry.getValue());
    }
    return size;
  }

  private static long texts(List<String> texts) {
    long size = PER_PART;
    for (String text : texts) {
      size += utf8(text);
    }
    return size;
  }

  private static long headers(List<Header> headers) {
    long size = PER_PART;
    for (Header header : headers) {
      size += utf8(header.name()) + sizeOf(header.value());
    }
    return size;
  }

  private static long sizeOf(@Nullable RawBytes bytes) {
    return (long) PER_PART + (bytes == null ? 0 : bytes.size());
  }

  private static long utf8(@Nullable String text) {
    return text == null ? PER_PART : PER_PART + Texts.utf8Length(text);
  }

  private static @Nullable RawBytes first(@Nullable RawBytes bytes, int count) {
    return bytes == null || bytes.size() <= count
        ? bytes
        : RawBytes.of(Arrays.copyOf(bytes.array(), count));
  }

  /** A start of the text whose UTF-8 form takes no more than this. */
  private static String firstBytes(String text, long bytes) {
    if (Texts.utf8Length(text) <= bytes) {
      return text;
    }
    // Cutting by characters as if each were as long as the longest keeps this simple and bounded.
    boolean ascii = Texts.utf8Length(text) == text.length();
    return Texts.cut(text, (int) Math.max(0, ascii ? bytes : bytes / 3));
  }

  private static List<Header> firstHeaders(List<Header> headers, long bytes) {
    List<Header> kept = new ArrayList<>();
    long size = PER_PART;
    for (Header header : headers) {
      size += utf8(header.name()) + sizeOf(header.value());
      if (size > bytes) {
        break;
      }
      kept.add(header);
    }
    return kept;
  }
}
