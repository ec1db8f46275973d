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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Wix's Greyhound, non-blocking retries. Source: {@code RetryHeader} and {@code
 * NonBlockingRetryHelper} of greyhound-core. It has no dead-letter topic: what is read is a retry
 * topic, or a topic to which the application sends what failed its last retry. The attempt counts
 * from 0 and names the retry that was due, which on any other topic than a retry topic has failed
 * as well.
 */
public final class GreyhoundDialect implements Dialect {
  private static final Strip STRIP =
      Strip.prefixes("GH_").andNames("submitTimestamp", "backOffTimeMs");
  private static final Pattern BY_PATTERN =
      Pattern.compile("__gh_pattern-retry-(.+)-attempt-\\d{1,9}");
  private static final Pattern BY_TOPIC = Pattern.compile("(.+)-retry-\\d{1,9}");

  private final HeaderName topic;
  private final HeaderName attempt;
  private final HeaderName submitted;
  private final HeaderName backoff;

  public GreyhoundDialect(HeaderNames names) {
    topic = names.of("GH_OriginalTopic");
    attempt = names.of("GH_RetryAttempt");
    submitted = names.of("submitTimestamp");
    backoff = names.of("backOffTimeMs");
  }

  @Override
  public String name() {
    return "greyhound";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(topic);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, List.of(topic, attempt, submitted, backoff));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    String from = scan.text(topic);
    String group = group(inbound.topic(), from);
    Long failed = Hops.offset(scan.decimal(scan.last(submitted)));
    return List.of(
        Told.of(
            Ids.NONE,
            FailureError.UNKNOWN,
            new Source(from, null, null, null, group),
            from,
            Times.at(failed == null ? inbound.writtenAt() : failed),
            deliveries(scan, group != null),
            Fidelity.ORIGINAL));
  }

  private @Nullable Integer deliveries(HeaderScan scan, boolean isRetryTopic) {
    Integer number = Hops.partition(scan.decimal(scan.last(attempt)));
    if (number == null || number > Integer.MAX_VALUE - 2) {
      return null;
    }
    return number + (isRetryTopic ? 1 : 2);
  }

  /** The consumer group that a retry topic's name holds; null where it is none. */
  private static @Nullable String group(String errorTopic, @Nullable String from) {
    Matcher byPattern = BY_PATTERN.matcher(errorTopic);
    if (byPattern.matches()) {
      return byPattern.group(1);
    }
    if (from == null || !errorTopic.startsWith(from + "-")) {
      return null;
    }
    Matcher byTopic = BY_TOPIC.matcher(errorTopic.substring(from.length() + 1));
    return byTopic.matches() ? byTopic.group(1) : null;
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Greyhound (Wix), non-blocking retries",
            "`RetryHeader` and `NonBlockingRetryHelper` of greyhound-core")
        .proof("`GH_OriginalTopic`")
        .origin("`GH_OriginalTopic`; neither partition nor offset")
        .failedAt("`submitTimestamp`, else the record's timestamp")
        .fills(
            "Tries so far: `GH_RetryAttempt`, which starts at 0, and 1; and 2 where the topic is"
                + " none of its retry topics, since that retry has failed too. The consumer group,"
                + " out of the retry topic's name.")
        .silent(
            "Error, partition and offset, so that a record which fails again without our headers is"
                + " another letter.")
        .setUp(
            "Greyhound drops what fails its last retry: send that to an error topic yourself, with"
                + " `redrive-error-message` and `redrive-record-id`.")
        .strips(STRIP.texts());
  }
}
