// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.own;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Extras;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.Fields;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our own headers on the record as it failed. Source: {@link RedriveHeaders}. Everything is UTF-8
 * text; of duplicates the last is the newest.
 */
public final class NativeDialect implements Dialect {
  private static final int MAX_METADATA = 100;

  private final HeaderName code;
  private final HeaderName message;
  private final HeaderName errorClass;
  private final HeaderName rootCause;
  private final HeaderName stackTrace;
  private final HeaderName kind;
  private final HeaderName failedAt;
  private final HeaderName firstFailedAt;
  private final HeaderName retryCount;
  private final HeaderName topic;
  private final HeaderName partition;
  private final HeaderName offset;
  private final HeaderName timestamp;
  private final HeaderName group;
  private final HeaderName label;
  private final List<HeaderName> own;

  public NativeDialect(HeaderNames names) {
    code = names.of(RedriveHeaders.ERROR_CODE);
    message = names.of(RedriveHeaders.ERROR_MESSAGE);
    errorClass = names.of(RedriveHeaders.ERROR_CLASS);
    rootCause = names.of(RedriveHeaders.ERROR_ROOT_CAUSE);
    stackTrace = names.of(RedriveHeaders.ERROR_STACK_TRACE);
    kind = names.of(RedriveHeaders.FAILURE_KIND);
    failedAt = names.of(RedriveHeaders.FAILED_AT);
    firstFailedAt = names.of(RedriveHeaders.FIRST_FAILED_AT);
    retryCount = names.of(RedriveHeaders.RETRY_COUNT);
    topic = names.of(RedriveHeaders.SOURCE_TOPIC);
    partition = names.of(RedriveHeaders.SOURCE_PARTITION);
    offset = names.of(RedriveHeaders.SOURCE_OFFSET);
    timestamp = names.of(RedriveHeaders.SOURCE_TIMESTAMP);
    group = names.of(RedriveHeaders.SOURCE_CONSUMER_GROUP);
    label = names.of(RedriveHeaders.LABEL);
    own = List.of(code, message, errorClass, rootCause, stackTrace, kind, failedAt, retryCount);
  }

  @Override
  public String name() {
    return "redrive";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(code) || scan.has(message) || scan.has(errorClass);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    FailureError error =
        new FailureError(
            scan.text(code),
            scan.text(message),
            scan.text(errorClass),
            scan.text(rootCause),
            scan.text(stackTrace));
    Source source =
        new Source(
            scan.text(topic),
            Hops.partition(scan.decimal(scan.last(partition))),
            Hops.offset(scan.decimal(scan.last(offset))),
            time(scan, timestamp),
            scan.text(group));
    Long failed = time(scan, failedAt);
    return List.of(
        new Told(
            Ids.NONE,
            error,
            source,
            source.topic(),
            new Times(failed == null ? inbound.writtenAt() : failed, time(scan, firstFailedAt)),
            count(scan.decimal(scan.last(retryCount))),
            Fidelity.ORIGINAL,
            new Extras(kindOf(scan), labels(scan), metadata(scan), null, null),
            null));
  }

  private FailureKind kindOf(HeaderScan scan) {
    String text = scan.text(kind);
    return Fields.kind(text, "header " + RedriveHeaders.FAILURE_KIND, scan.warnings());
  }

  private static @Nullable Long time(HeaderScan scan, HeaderName name) {
    return Fields.time(scan.text(name), "header ", name.text(), scan.warnings());
  }

  private static @Nullable Integer count(@Nullable Long number) {
    return number == null || number < 0 || number > Integer.MAX_VALUE ? null : number.intValue();
  }

  private List<String> labels(HeaderScan scan) {
    if (!scan.has(label)) {
      return List.of();
    }
    List<String> labels = new ArrayList<>();
    for (int index : scan.all(label)) {
      String text = scan.text(index);
      if (text != null) {
        labels.add(text);
      }
    }
    return labels;
  }

  /** Headers {@code redrive-metadata-<name>} as a JSON object of texts. */
  private static @Nullable String metadata(HeaderScan scan) {
    Map<String, @Nullable String> entries = new LinkedHashMap<>();
    for (Header header : scan.headers()) {
      if (header.name().startsWith(RedriveHeaders.METADATA_PREFIX)) {
        String name = header.name().substring(RedriveHeaders.METADATA_PREFIX.length());
        if (entries.size() >= MAX_METADATA && !entries.containsKey(name)) {
          scan.warnings().add("more than " + MAX_METADATA + " metadata headers; the rest ignored");
          break;
        }
        RawBytes value = header.value();
        entries.put(name, value == null ? null : value.text());
      }
    }
    return entries.isEmpty() ? null : json(entries);
  }

  private static String json(Map<String, @Nullable String> entries) {
    StringBuilder json = new StringBuilder("{");
    entries.forEach(
        (name, value) -> {
          json.append(json.length() == 1 ? "" : ",");
          quote(json, name);
          json.append(':');
          if (value == null) {
            json.append("null");
          } else {
            quote(json, value);
          }
        });
    return json.append('}').toString();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }

  @Override
  public boolean strips(String header) {
    return RedriveHeaders.isOurs(header);
  }

  @Override
  public About about() {
    return About.of("Redrive's own headers", "`RedriveHeaders`, the first page")
        .proof("`redrive-error-code`, `-error-message` or `-error-class`")
        .origin("`redrive-source-*`")
        .failedAt("`redrive-failed-at`, else the record's timestamp")
        .fills("Every field of a letter but a failed HTTP delivery.")
        .silent("What the producer leaves out.")
        .setUp("For pipelines that write dead letters themselves.")
        .strips(List.of("redrive-*"));
  }
}
