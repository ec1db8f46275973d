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
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * NServiceBus's error headers, which reach Kafka over bridges only. Source: {@code
 * FaultsHeaderKeys} and {@code ExceptionHeaderHelper} of NServiceBus 9. Everything is text; times
 * are UTC with microseconds after a colon.
 */
public final class NServiceBusDialect implements Dialect {
  private static final String PREFIX = "NServiceBus.";
  private static final String EXCEPTION = PREFIX + "ExceptionInfo.";
  private static final Strip STRIP =
      Strip.prefixes(
          PREFIX + "FailedQ",
          PREFIX + "TimeOfFailure",
          EXCEPTION,
          PREFIX + "Retries",
          PREFIX + "FLRetries");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss:SSSSSS 'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final HeaderName queue;
  private final HeaderName timeOfFailure;
  private final HeaderName type;
  private final HeaderName inner;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final HeaderName thrownBy;
  private final HeaderName help;
  private final HeaderName retries;
  private final HeaderName messageId;
  private final List<HeaderName> own;

  public NServiceBusDialect(HeaderNames names) {
    queue = names.of(PREFIX + "FailedQ");
    timeOfFailure = names.of(PREFIX + "TimeOfFailure");
    type = names.of(EXCEPTION + "ExceptionType");
    inner = names.of(EXCEPTION + "InnerExceptionType");
    message = names.of(EXCEPTION + "Message");
    stackTrace = names.of(EXCEPTION + "StackTrace");
    thrownBy = names.of(EXCEPTION + "Source");
    help = names.of(EXCEPTION + "HelpLink");
    retries = names.of(PREFIX + "Retries");
    messageId = names.of(PREFIX + "MessageId");
    own = List.of(queue, timeOfFailure, type, inner, message, stackTrace, thrownBy, retries);
  }

  @Override
  public String name() {
    return "nservicebus";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(queue) || scan.has(type);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    FailureError error =
        new FailureError(
            null, scan.text(message), scan.text(type), scan.text(inner), scan.text(stackTrace));
    String from = scan.text(queue);
    Long failed = time(scan);
    return List.of(
        Told.of(
                Ids.message(scan.text(messageId)),
                error,
                new Source(from, null, null, null, null),
                from,
                Times.at(failed == null ? inbound.writtenAt() : failed),
                Hops.partition(scan.decimal(scan.last(retries))),
                Fidelity.ORIGINAL)
            .with(
                new MetadataText(scan.warnings())
                    .put("source", scan.text(thrownBy))
                    .put("help_link", scan.text(help))
                    .headers(scan, EXCEPTION + "Data.")
                    .json()));
  }

  private @Nullable Long time(HeaderScan scan) {
    String text = scan.text(timeOfFailure);
    if (text == null) {
      return null;
    }
    try {
      return LocalDateTime.parse(text, TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException e) {
      scan.warnings()
          .add(
              "header "
                  + timeOfFailure.text()
                  + ": no time such as 2026-03-27 13:45:22:123456 Z; ignored");
      return null;
    }
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of("NServiceBus (.NET), over a bridge", "`FaultsHeaderKeys` of NServiceBus 9")
        .proof("`NServiceBus.FailedQ` or `NServiceBus.ExceptionInfo.ExceptionType`")
        .origin("`NServiceBus.FailedQ`, a queue; neither partition nor offset")
        .failedAt("`NServiceBus.TimeOfFailure`, else the record's timestamp")
        .fills(
            "Exception class, inner class as root cause, message, trace; delayed retries;"
                + " `NServiceBus.ExceptionInfo.Data.*` as metadata. The record id is"
                + " `NServiceBus.MessageId`.")
        .silent(
            "Partition, offset, and the immediate retries. `FailedQ` names a queue of the other"
                + " transport: set the pipeline's retry topic rather than `origin`.")
        .setUp("NServiceBus has no Kafka transport: bridge its error queue to an error topic.")
        .strips(STRIP.texts());
  }
}
