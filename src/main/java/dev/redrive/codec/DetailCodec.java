// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureDetail.Cut;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@link FailureDetail} as bytes. The ledger carries them without reading them; only what shows or
 * replays a letter does.
 */
public final class DetailCodec {
  private static final int VERSION = 1;

  /** Where a text of the error lies. */
  private static final int NULL = 0;

  private static final int HERE = 1;
  private static final int IN_HEADER = 2;

  private DetailCodec() {}

  public static byte[] encode(FailureDetail detail) {
    ByteWriter out = new ByteWriter(expectedSize(detail.raw()) + 512);
    out.u8(VERSION);
    RawRecords.write(out, detail.raw());
    out.text(detail.dialect()).list(detail.conventions(), ByteWriter::text);
    writeError(out, detail.error(), detail.raw().headers());
    writeSource(out, detail.source());
    out.text(detail.metadata());
    writeHttp(out, detail.http());
    out.list(detail.warnings(), ByteWriter::text);
    Cut cut = detail.cut();
    if (cut == null) {
      out.u8(0);
    } else {
      out.u8(1).number(cut.valueBytes()).number(cut.traceBytes()).number(cut.headerBytes());
    }
    return out.done();
  }

  public static FailureDetail decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    FailureDetail detail = read(in);
    in.end("a letter's detail");
    return detail;
  }

  static FailureDetail read(ByteReader in) {
    in.version("a letter's detail", VERSION);
    RawRecord raw = RawRecords.read(in);
    return new FailureDetail(
        raw,
        in.text(),
        in.list(ByteReader::text),
        readError(in, raw.headers()),
        readSource(in),
        in.optionalText(),
        readHttp(in),
        in.list(ByteReader::text),
        in.flag() ? new Cut(in.number(), in.number(), in.number()) : null);
  }

  static void writeError(ByteWriter out, FailureError error) {
    writeError(out, error, List.of());
  }

  static FailureError readError(ByteReader in) {
    return readError(in, List.of());
  }

  /** What a header says word for word, most of all the trace, is not written a second time. */
  private static void writeError(ByteWriter out, FailureError error, List<Header> headers) {
    writeText(out, error.code(), headers);
    writeText(out, error.message(), headers);
    writeText(out, error.className(), headers);
    writeText(out, error.rootCause(), headers);
    writeText(out, error.stackTrace(), headers);
  }

  private static FailureError readError(ByteReader in, List<Header> headers) {
    return new FailureError(
        readText(in, headers),
        readText(in, headers),
        readText(in, headers),
        readText(in, headers),
        readText(in, headers));
  }

  private static void writeText(ByteWriter out, @Nullable String text, List<Header> headers) {
    if (text == null) {
      out.u8(NULL);
      return;
    }
    RawBytes bytes = RawBytes.utf8(text);
    for (int i = 0; i < headers.size(); i++) {
      RawBytes value = headers.get(i).value();
      if (value != null && value.size() == bytes.size() && value.equals(bytes)) {
        out.u8(IN_HEADER).unsigned(i);
        return;
      }
    }
    out.u8(HERE).raw(bytes);
  }

  private static @Nullable String readText(ByteReader in, List<Header> headers) {
    int where = in.u8();
    return switch (where) {
      case NULL -> null;
      case HERE -> in.text();
      case IN_HEADER -> headerText(in.unsigned(), headers);
      default -> throw new UnreadableBytesException("a text that lies nowhere: " + where);
    };
  }

  private static String headerText(long index, List<Header> headers) {
    RawBytes value = index >= 0 && index < headers.size() ? headers.get((int) index).value() : null;
    if (value == null) {
      throw new UnreadableBytesException("a text in header " + index + ", which has none");
    }
    return value.text();
  }

  private static void writeSource(ByteWriter out, Source source) {
    out.text(source.topic())
        .optional(source.partition())
        .optional(source.offset())
        .optional(source.timestamp())
        .text(source.consumerGroup());
  }

  private static Source readSource(ByteReader in) {
    return new Source(
        in.optionalText(),
        in.optionalInt(),
        in.optionalLong(),
        in.optionalLong(),
        in.optionalText());
  }

  private static void writeHttp(ByteWriter out, @Nullable HttpDelivery http) {
    if (http == null) {
      out.u8(0);
      return;
    }
    out.u8(1)
        .text(http.messageId())
        .optional(http.workflowCreatedAt())
        .text(http.url())
        .text(http.method());
    writeHeader(out, http.header());
    out.optional(http.maxRetries())
        .text(http.retryDelayExpression())
        .optional(http.notBefore())
        .optional(http.createdAt());
    writeResponse(out, http.response());
    out.optional(http.rate())
        .optional(http.parallelism())
        .optional(http.period())
        .text(http.callback());
    writeHeader(out, http.callbackHeader());
    out.text(http.failureCallback());
    writeHeader(out, http.failureCallbackHeader());
    writeResponse(out, http.failureCallbackResponse());
    out.text(http.topicName())
        .text(http.endpointName())
        .text(http.queueName())
        .text(http.scheduleId());
  }

  private static @Nullable HttpDelivery readHttp(ByteReader in) {
    return !in.flag()
        ? null
        : new HttpDelivery(
            in.optionalText(),
            in.optionalLong(),
            in.optionalText(),
            in.optionalText(),
            readHeader(in),
            in.optionalInt(),
            in.optionalText(),
            in.optionalLong(),
            in.optionalLong(),
            readResponse(in),
            in.optionalInt(),
            in.optionalInt(),
            in.optionalInt(),
            in.optionalText(),
            readHeader(in),
            in.optionalText(),
            readHeader(in),
            readResponse(in),
            in.optionalText(),
            in.optionalText(),
            in.optionalText(),
            in.optionalText());
  }

  static void writeResponse(ByteWriter out, Response response) {
    out.optional(response.status());
    writeHeader(out, response.header());
    out.raw(response.body());
  }

  static Response readResponse(ByteReader in) {
    return new Response(in.optionalInt(), readHeader(in), in.raw());
  }

  private static void writeHeader(ByteWriter out, Map<String, List<String>> header) {
    // Sorted, so that equal letters have equal bytes whatever order a map happens to have.
    out.list(
        new TreeMap<>(header).entrySet(),
        (w, entry) -> w.text(entry.getKey()).list(entry.getValue(), ByteWriter::text));
  }

  private static Map<String, List<String>> readHeader(ByteReader in) {
    Map<String, List<String>> header = new TreeMap<>();
    in.list(r -> header.put(r.text(), r.list(ByteReader::text)));
    return header;
  }

  private static int expectedSize(RawRecord raw) {
    int size = raw.value() == null ? 0 : raw.value().size();
    for (Header header : raw.headers()) {
      size += header.name().length() + (header.value() == null ? 0 : header.value().size()) + 6;
    }
    return size;
  }
}
