// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.platform;

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
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redpanda Connect (Benthos) with a {@code fallback} output to Kafka. Source: the fallback output,
 * which sets {@code fallback_error}, and {@code FranzRecordToMessageV1}, which sets the input's
 * metadata. Both become headers where the output's {@code metadata} lets them. The input writes a
 * record's headers over its own metadata, so a replay that carried {@code kafka_offset} would lie
 * about where it lies from then on.
 */
public final class RedpandaConnectDialect implements Dialect {
  private static final Strip STRIP =
      Strip.names(
          "fallback_error",
          "kafka_key",
          "kafka_lag",
          "kafka_offset",
          "kafka_partition",
          "kafka_timestamp_ms",
          "kafka_timestamp_unix",
          "kafka_tombstone_message",
          "kafka_topic");
  private static final long MILLIS = 1_000;

  private final HeaderName error;
  private final HeaderName topic;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName millis;
  private final HeaderName seconds;

  public RedpandaConnectDialect(HeaderNames names) {
    error = names.of("fallback_error");
    topic = names.of("kafka_topic");
    partition = names.of("kafka_partition");
    offset = names.of("kafka_offset");
    millis = names.of("kafka_timestamp_ms");
    seconds = names.of("kafka_timestamp_unix");
  }

  @Override
  public String name() {
    return "redpanda-connect";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(error);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return scan.last(error);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    String from = scan.text(topic);
    return List.of(
        Told.of(
            Ids.NONE,
            new FailureError(null, scan.text(error), null, null, null),
            new Source(
                from,
                Hops.partition(scan.decimal(scan.last(partition))),
                Hops.offset(scan.decimal(scan.last(offset))),
                timestamp(scan),
                null),
            from,
            Times.at(inbound.writtenAt()),
            null,
            Fidelity.RESERIALIZED));
  }

  private @Nullable Long timestamp(HeaderScan scan) {
    Long exact = Hops.offset(scan.decimal(scan.last(millis)));
    if (exact != null) {
      return exact;
    }
    Long coarse = Hops.offset(scan.decimal(scan.last(seconds)));
    return coarse == null || coarse > Long.MAX_VALUE / MILLIS
        ? null
        : Long.valueOf(coarse * MILLIS);
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Redpanda Connect (Benthos), `fallback` output",
            "the `fallback` output and `FranzRecordToMessageV1`")
        .proof("`fallback_error`")
        .origin("`kafka_topic`, `kafka_partition`, `kafka_offset`")
        .fills("The message; the original's timestamp.")
        .silent(
            "Exception class, trace and attempts. The value is what the pipeline made of the record"
                + " by then.")
        .setUp(
            "Headers are written only as far as the output allows them: in the fallback's Kafka"
                + " output set `metadata.include_patterns: [\".*\"]`.")
        .strips(STRIP.texts());
  }
}
