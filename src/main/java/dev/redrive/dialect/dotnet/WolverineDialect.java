// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.dotnet;

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
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Wolverine's native dead-letter topic and its tiers of retry topics. Source: {@code KafkaTopic}'s
 * dead lettering and {@code KafkaRetryNaming} of Wolverine 5. Numbers are decimal text; the time of
 * the first failure is in .NET ticks. The names are plain ones that others may use, so three of
 * them are needed as proof.
 */
public final class WolverineDialect implements Dialect {
  private static final String RETRY = "wolverine-kafka-retry-";
  private static final Strip STRIP =
      Strip.prefixes(RETRY)
          .andNames(
              "exception-type",
              "exception-message",
              "exception-stack",
              "failed-at",
              "original-destination",
              "original-partition",
              "original-offset");

  /** 100 ns each, from the year 1 on. */
  private static final long TICKS_PER_MS = 10_000;

  private static final long TICKS_BEFORE_1970 = 621_355_968_000_000_000L;

  private final HeaderName type;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final HeaderName failedAt;
  private final HeaderName destination;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName source;
  private final HeaderName tier;
  private final HeaderName attempt;
  private final HeaderName firstFailed;
  private final HeaderName retryType;
  private final HeaderName retryMessage;
  private final List<HeaderName> own;

  public WolverineDialect(HeaderNames names) {
    type = names.of("exception-type");
    message = names.of("exception-message");
    stackTrace = names.of("exception-stack");
    failedAt = names.of("failed-at");
    destination = names.of("original-destination");
    partition = names.of("original-partition");
    offset = names.of("original-offset");
    source = names.of(RETRY + "source");
    tier = names.of(RETRY + "tier");
    attempt = names.of(RETRY + "attempt");
    firstFailed = names.of(RETRY + "first-failed");
    retryType = names.of(RETRY + "exception-type");
    retryMessage = names.of(RETRY + "exception-message");
    own = List.of(type, message, stackTrace, failedAt, source, tier, attempt, retryType);
  }

  @Override
  public String name() {
    return "wolverine";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(source) || (scan.has(type) && scan.has(stackTrace) && scan.has(failedAt));
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Source from = source(scan);
    String first = scan.text(source);
    Long failed = Hops.offset(scan.decimal(scan.last(failedAt)));
    return List.of(
        Told.of(
                Ids.NONE,
                error(scan),
                from,
                first == null ? from.topic() : first,
                new Times(failed == null ? inbound.writtenAt() : failed, firstFailed(scan)),
                Hops.partition(scan.decimal(scan.last(attempt))),
                Fidelity.ORIGINAL)
            .with(new MetadataText(scan.warnings()).put("tier", scan.text(tier)).json()));
  }

  private FailureError error(HeaderScan scan) {
    String last = scan.text(type);
    return last == null && scan.has(retryType)
        ? new FailureError(null, scan.text(retryMessage), scan.text(retryType), null, null)
        : new FailureError(null, scan.text(message), last, null, scan.text(stackTrace));
  }

  private Source source(HeaderScan scan) {
    String topic = Addresses.last(scan.text(destination));
    return topic == null
        ? new Source(scan.text(source), null, null, null, null)
        : new Source(
            topic,
            Hops.partition(scan.decimal(scan.last(partition))),
            Hops.offset(scan.decimal(scan.last(offset))),
            null,
            null);
  }

  private @Nullable Long firstFailed(HeaderScan scan) {
    Long ticks = scan.decimal(scan.last(firstFailed));
    return ticks == null || ticks < TICKS_BEFORE_1970
        ? null
        : Long.valueOf((ticks - TICKS_BEFORE_1970) / TICKS_PER_MS);
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Wolverine (.NET), native dead-letter topic",
            "`KafkaRetryNaming` of Wolverine 5 and its page on dead letters")
        .proof(
            "`exception-type`, `exception-stack` and `failed-at`; or `wolverine-kafka-retry-source`")
        .origin("`original-destination`, `original-partition`, `original-offset`, since July 2026")
        .failedAt("`failed-at`, else the record's timestamp")
        .fills(
            "Exception class, message, trace (8,192 characters); attempts, first failure and tier"
                + " of the retry topics.")
        .silent(
            "Before July 2026 partition and offset; after retry tiers they are those of the last"
                + " tier. The consumer group.")
        .setUp("`EnableNativeDeadLetterQueue()` on the listener.")
        .strips(STRIP.texts());
  }
}
