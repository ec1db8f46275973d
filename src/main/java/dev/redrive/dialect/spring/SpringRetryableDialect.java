// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.spring;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Spring Kafka's {@code @RetryableTopic}: its retry topics and its dead letters. Source:
 * spring-kafka 4.1.1, whose names lack the {@code dlt-} of the plain recoverer (spring-kafka
 * #2335). The origin is the first ever and is never updated; {@code retry_topic-*} are appended.
 */
public final class SpringRetryableDialect implements Dialect {
  private final SpringHeaders spring;
  private final HeaderName attempts;
  private final HeaderName originalTimestamp;
  private final HeaderName backoff;

  public SpringRetryableDialect(HeaderNames names) {
    spring = new SpringHeaders(names, "kafka_");
    attempts = names.of("retry_topic-attempts");
    originalTimestamp = names.of("retry_topic-original-timestamp");
    backoff = names.of("retry_topic-backoff-timestamp");
  }

  @Override
  public String name() {
    return "spring-retryable";
  }

  @Override
  public boolean retriesLater() {
    return true;
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(attempts) && scan.has(spring.topic);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    int own = Dialect.lastOf(scan, List.of(attempts, originalTimestamp, backoff));
    return Math.max(own, spring.lastWritten(scan));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = spring.hops(scan);
    return List.of(
        Told.of(
            Ids.NONE,
            spring.error(scan),
            timed(hops.first(), scan),
            hops.newest().topic(),
            Times.at(inbound.writtenAt()),
            made(scan),
            spring.fidelity(scan, inbound.raw())));
  }

  private Source timed(Source source, HeaderScan scan) {
    Long timestamp = source.timestamp();
    if (timestamp == null) {
      timestamp = scan.bigInteger(scan.last(originalTimestamp));
    }
    return new Source(
        source.topic(), source.partition(), source.offset(), timestamp, source.consumerGroup());
  }

  /** The header holds the number of the next attempt; old releases wrote it as one byte. */
  private @Nullable Integer made(HeaderScan scan) {
    int last = scan.last(attempts);
    RawBytes value = scan.value(last);
    Integer next =
        value != null && value.size() == 1
            ? Integer.valueOf(value.array()[0] & 0xFF)
            : scan.int32(last);
    return next == null || next < 1 ? null : next - 1;
  }

  @Override
  public boolean strips(String header) {
    return SpringHeaders.strips(header);
  }

  @Override
  public About about() {
    return About.of(
            "Spring Kafka, `@RetryableTopic`, its final topic",
            "`DeadLetterRecordManager` of spring-kafka 4.1.1")
        .proof("`retry_topic-attempts` and `kafka_original-topic`")
        .origin("`kafka_original-*`")
        .fills(
            "Exception class and root cause, message, trace; attempts; the original's timestamp;"
                + " the consumer group for some exceptions.")
        .silent("The original's bytes, as with the recoverer.")
        .setUp("Read the final topic only; the retry topics before it need no desk.")
        .strips(SpringHeaders.stripped());
  }
}
