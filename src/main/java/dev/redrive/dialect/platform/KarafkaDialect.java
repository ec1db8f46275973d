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
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.dialect.header.Places;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Karafka Pro's enhanced dead-letter queue (Ruby). Source: {@code dispatch_to_dlq} of Karafka
 * 2.6.1. Decimal text; each trip replaces all; key and value are the original's. The open-source
 * edition sends the payload alone, which is {@code unknown}.
 */
public final class KarafkaDialect implements Dialect {
  private static final Strip STRIP =
      Strip.names(
          "source_topic",
          "source_partition",
          "source_offset",
          "source_consumer_group",
          "source_attempts",
          "source_trace_id");

  private final Places places;
  private final HeaderName offset;
  private final HeaderName group;
  private final HeaderName attempts;
  private final HeaderName traceId;

  public KarafkaDialect(HeaderNames names) {
    places = new Places(names, "source_topic", "source_partition", "source_offset");
    offset = names.of("source_offset");
    group = names.of("source_consumer_group");
    attempts = names.of("source_attempts");
    traceId = names.of("source_trace_id");
  }

  @Override
  public String name() {
    return "karafka";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(places.topic()) && scan.has(offset) && scan.has(attempts);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Math.max(
        Dialect.lastOf(scan, places.names()),
        Dialect.lastOf(scan, List.of(group, attempts, traceId)));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    String groupId = scan.text(group);
    Source source = places.last(scan, null, groupId);
    return List.of(
        Told.of(
                Ids.pipeline(groupId),
                FailureError.UNKNOWN,
                source,
                source.topic(),
                Times.at(inbound.writtenAt()),
                Hops.partition(scan.decimal(scan.last(attempts))),
                Fidelity.ORIGINAL)
            .with(new MetadataText(scan.warnings()).put("trace_id", scan.text(traceId)).json()));
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of("Karafka Pro, enhanced dead-letter queue", "`dispatch_to_dlq` of Karafka 2.6.1")
        .proof("`source_topic`, `source_offset` and `source_attempts`")
        .pipeline("the consumer group")
        .origin("`source_*`")
        .fills("Attempts as `retry_count`; the id that Karafka logged the error under as metadata.")
        .silent(
            "Anything about the error; the original's timestamp. The open-source edition sends the"
                + " payload alone, without key and headers: `unknown`.")
        .setUp("Karafka Pro. `enhance_dlq_message` can add `redrive-error-message` and the like.")
        .strips(STRIP.texts());
  }
}
