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
import dev.redrive.dialect.header.Fields;
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
 * Silverback's {@code MoveMessageErrorPolicy}. Source: {@code DefaultMessageHeaders}, {@code
 * KafkaMessageHeaders} and the Kafka enricher of Silverback 4 and 5. Raw bytes are moved as they
 * are, headers replaced, numbers decimal text; the reason is {@code "<type> in <source>"} of the
 * innermost exception. A replay that kept {@code x-failed-attempts} would go on counting.
 */
public final class SilverbackDialect implements Dialect {
  private static final Strip STRIP =
      Strip.prefixes("x-source-").andNames("x-failed-attempts", "x-failure-reason");
  private static final String IN = " in ";

  private final HeaderName topic;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName timestamp;
  private final HeaderName group;
  private final HeaderName reason;
  private final HeaderName attempts;
  private final List<HeaderName> own;

  public SilverbackDialect(HeaderNames names) {
    topic = names.of("x-source-topic");
    partition = names.of("x-source-partition");
    offset = names.of("x-source-offset");
    timestamp = names.of("x-source-timestamp");
    group = names.of("x-source-consumer-group-id");
    reason = names.of("x-failure-reason");
    attempts = names.of("x-failed-attempts");
    own = List.of(topic, partition, offset, timestamp, group, reason, attempts);
  }

  @Override
  public String name() {
    return "silverback";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(topic) && scan.has(reason);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    String from = scan.text(topic);
    String why = scan.text(reason);
    return List.of(
        Told.of(
            Ids.NONE,
            new FailureError(null, why, typeOf(why), null, null),
            new Source(
                from,
                Hops.partition(scan.decimal(scan.last(partition))),
                Hops.offset(scan.decimal(scan.last(offset))),
                Fields.time(scan.text(timestamp), "header ", timestamp.text(), scan.warnings()),
                scan.text(group)),
            from,
            Times.at(inbound.writtenAt()),
            Hops.partition(scan.decimal(scan.last(attempts))),
            Fidelity.ORIGINAL));
  }

  private static @Nullable String typeOf(@Nullable String why) {
    int end = why == null ? -1 : why.indexOf(IN);
    return end <= 0 || why == null || why.indexOf(' ') < end ? null : why.substring(0, end);
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Silverback (.NET), `MoveMessageErrorPolicy`", "`KafkaMessageHeaders` of Silverback 5")
        .proof("`x-source-topic` and `x-failure-reason`")
        .origin("`x-source-*`")
        .fills(
            "The innermost exception's class and the reason as message; failed attempts; the"
                + " original's timestamp; the consumer group.")
        .silent("The exception's own message and its trace.")
        .strips(STRIP.texts());
  }
}
