// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.spring;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Strip;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Spring Cloud Stream's Kafka binder with {@code enableDlq}. Source: {@code
 * KafkaMessageChannelBinder} of spring-cloud-stream-binder-kafka 5.0.2. Numbers are big-endian
 * binary; each trip appends its headers again, beginning with the topic, so the last are the
 * newest. Others write headers of these plain names, so a partition of exactly 4 bytes belongs to
 * the proof.
 */
public final class SpringCloudStreamDialect implements Dialect {
  private static final Strip STRIP =
      Strip.names(
          "x-original-topic",
          "x-original-partition",
          "x-original-offset",
          "x-original-timestamp",
          "x-original-timestamp-type",
          "x-exception-fqcn",
          "x-exception-message",
          "x-exception-stacktrace");

  private final HeaderName topic;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName timestamp;
  private final HeaderName exception;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final List<HeaderName> own;

  public SpringCloudStreamDialect(HeaderNames names) {
    topic = names.of("x-original-topic");
    partition = names.of("x-original-partition");
    offset = names.of("x-original-offset");
    timestamp = names.of("x-original-timestamp");
    exception = names.of("x-exception-fqcn");
    message = names.of("x-exception-message");
    stackTrace = names.of("x-exception-stacktrace");
    own = List.of(topic, partition, offset, timestamp, exception, message, stackTrace);
  }

  @Override
  public String name() {
    return "spring-cloud-stream";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    if (!scan.has(exception) || !scan.has(topic)) {
      return false;
    }
    RawBytes number = scan.value(scan.last(partition));
    return number != null && number.size() == Integer.BYTES;
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = Hops.read(scan, topic, (from, to) -> hop(scan, from, to));
    // A message is optional; that of an older trip is not this one's.
    int block = Math.max(0, scan.last(topic));
    int end = scan.headers().size();
    FailureError error =
        new FailureError(
            null,
            scan.text(scan.lastIn(message, block, end)),
            scan.text(exception),
            null,
            scan.text(scan.lastIn(stackTrace, block, end)));
    return List.of(
        Told.of(
            Ids.NONE,
            error,
            hops.first(),
            hops.newest().topic(),
            Times.at(inbound.writtenAt()),
            null,
            Fidelity.RESERIALIZED));
  }

  private Source hop(HeaderScan scan, int from, int to) {
    Integer number = scan.int32(scan.lastIn(partition, from, to));
    return new Source(
        scan.text(scan.lastIn(topic, from, to)),
        number == null || number < 0 ? null : number,
        Hops.offset(scan.int64(scan.lastIn(offset, from, to))),
        Hops.offset(scan.int64(scan.lastIn(timestamp, from, to))),
        null);
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Spring Cloud Stream, Kafka binder",
            "`KafkaMessageChannelBinder` of spring-cloud-stream-binder-kafka 5.0.2")
        .proof("`x-exception-fqcn`, `x-original-topic` and an `x-original-partition` of 4 bytes")
        .origin("`x-original-*`")
        .fills("Error class, message and stack trace; the original's timestamp.")
        .silent(
            "Consumer group and attempts. With native decoding the value is the object, serialised"
                + " again. `headerMode=embeddedHeaders` puts the headers into the value: `unknown`.")
        .setUp(
            "`enableDlq=true`. The batch mode and the Kafka Streams binder write the headers of"
                + " `spring`.")
        .strips(STRIP.texts());
  }
}
