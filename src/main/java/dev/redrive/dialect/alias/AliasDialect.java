// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.alias;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
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
import dev.redrive.letter.Header;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Headers that an application made up. Source: the settings, or one of three sets that are often
 * met. Such names prove nothing, so it reads only topics that the settings give it; of duplicates
 * the last is the newest.
 */
public final class AliasDialect implements Dialect {
  private static final String OF_SETTINGS = "alias:";
  private static final String TAKEN = "header:";

  /** An application's names for its records stay on them. */
  private static final Set<Field> IDS = Set.of(Field.PIPELINE_ID, Field.RECORD_ID);

  private final String name;
  private final HeaderNames names = new HeaderNames();
  private final Map<Field, Alias> aliases;
  private final Set<String> headers;

  private AliasDialect(String name, Map<Field, Alias> aliases) {
    this.name = name;
    this.aliases = aliases;
    headers = new TreeSet<>();
    aliases.forEach(
        (field, alias) -> {
          names.of(alias.header());
          if (!IDS.contains(field)) {
            headers.add(alias.header());
          }
        });
  }

  /** Sets that are ready made, after the names that they begin with. */
  public static List<AliasDialect> ready() {
    return List.of(dlqHeaders(), dlqSourceHeaders(), dlqDottedHeaders());
  }

  /**
   * A set of the settings.
   *
   * @param headers field to header, with its encoding after a space where it is not the usual one
   * @throws IllegalArgumentException says which field is wrong and what it may be
   */
  public static AliasDialect of(String name, Map<String, String> headers) {
    Map<Field, Alias> aliases = new EnumMap<>(Field.class);
    headers.forEach((field, header) -> put(aliases, field, header));
    if (aliases.isEmpty()) {
      throw new IllegalArgumentException("names no header");
    }
    return new AliasDialect(OF_SETTINGS + name, aliases);
  }

  /**
   * Its name, as a letter keeps it, and of a set of the settings each of its headers on the record:
   * a replay must take them off even when the settings no longer name them.
   */
  public List<String> marks(List<Header> record) {
    List<String> marks = new ArrayList<>();
    marks.add(name);
    if (name.startsWith(OF_SETTINGS)) {
      record.stream()
          .map(Header::name)
          .filter(headers::contains)
          .distinct()
          .forEach(header -> marks.add(TAKEN + header));
    }
    return marks;
  }

  /** What takes off the headers that marks name; empty where they name none. */
  public static Optional<Dialect> marked(List<String> marks) {
    Map<Field, Alias> none = new EnumMap<>(Field.class);
    AliasDialect marked = new AliasDialect(OF_SETTINGS, none);
    for (String mark : marks) {
      if (mark.startsWith(TAKEN)) {
        marked.headers.add(mark.substring(TAKEN.length()));
      }
    }
    return marked.headers.isEmpty() ? Optional.empty() : Optional.of(marked);
  }

  private static AliasDialect ready(String name, Map<String, String> headers) {
    return new AliasDialect(name, of(name, headers).aliases);
  }

  private static void put(Map<Field, Alias> aliases, String text, String header) {
    Field field =
        Arrays.stream(Field.values())
            .filter(one -> one.text().equals(text))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        text
                            + ": there is no such field; write one of "
                            + Arrays.stream(Field.values())
                                .map(Field::text)
                                .collect(Collectors.joining(", "))));
    aliases.put(field, Alias.parse(field, header));
  }

  private static AliasDialect dlqHeaders() {
    return ready(
        "dlq-headers",
        Map.of(
            "source-topic", "dlq-original-topic",
            "source-partition", "dlq-original-partition",
            "source-offset", "dlq-original-offset",
            "error-class", "dlq-exception-class",
            "error-message", "dlq-exception-message",
            "failed-at", "dlq-timestamp"));
  }

  private static AliasDialect dlqSourceHeaders() {
    return ready(
        "x-dlq-headers",
        Map.of(
            "source-topic", "x-dlq-source-topic",
            "source-partition", "x-dlq-source-partition",
            "source-offset", "x-dlq-source-offset",
            "error-class", "x-dlq-exception-class",
            "error-message", "x-dlq-exception-message",
            "error-stack-trace", "x-dlq-exception-stacktrace",
            "failed-at", "x-dlq-failed-at"));
  }

  private static AliasDialect dlqDottedHeaders() {
    return ready(
        "dlq-dotted-headers",
        Map.of(
            "source-topic", "dlq.original.topic",
            "source-partition", "dlq.original.partition",
            "source-offset", "dlq.original.offset",
            "error-message", "dlq.failure.reason",
            "retry-count", "dlq.retry.attempt",
            "first-failed-at", "dlq.first.failure.timestamp"));
  }

  @Override
  public String name() {
    return name;
  }

  /** Never by itself. */
  @Override
  public boolean detects(HeaderScan scan) {
    return false;
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return -1;
  }

  @Override
  public List<Told> read(HeaderScan all, Inbound inbound) {
    HeaderScan scan = new HeaderScan(names, all.headers(), all.warnings());
    Source source =
        new Source(
            text(scan, Field.SOURCE_TOPIC),
            Hops.partition(number(scan, Field.SOURCE_PARTITION)),
            Hops.offset(number(scan, Field.SOURCE_OFFSET)),
            number(scan, Field.SOURCE_TIMESTAMP),
            text(scan, Field.SOURCE_CONSUMER_GROUP));
    FailureError error =
        new FailureError(
            text(scan, Field.ERROR_CODE),
            text(scan, Field.ERROR_MESSAGE),
            text(scan, Field.ERROR_CLASS),
            text(scan, Field.ERROR_ROOT_CAUSE),
            text(scan, Field.ERROR_STACK_TRACE));
    Long failedAt = number(scan, Field.FAILED_AT);
    Times times =
        new Times(
            failedAt == null ? inbound.writtenAt() : failedAt, number(scan, Field.FIRST_FAILED_AT));
    String pipelineId = text(scan, Field.PIPELINE_ID);
    String recordId = text(scan, Field.RECORD_ID);
    boolean named = pipelineId != null || recordId != null;
    return List.of(
        Told.of(
            new Ids(pipelineId, recordId, null, null, named),
            error,
            source,
            source.topic(),
            times,
            Hops.partition(number(scan, Field.RETRY_COUNT)),
            Fidelity.ORIGINAL));
  }

  private @Nullable String text(HeaderScan scan, Field field) {
    Alias alias = aliases.get(field);
    return alias == null ? null : scan.text(last(scan, alias));
  }

  private @Nullable Long number(HeaderScan scan, Field field) {
    Alias alias = aliases.get(field);
    if (alias == null) {
      return null;
    }
    int last = last(scan, alias);
    Long number =
        switch (alias.encoding()) {
          case DECIMAL -> scan.decimal(last);
          case INT64 -> scan.int64(last);
          case BIGINT -> scan.bigInteger(last);
          case INT32 -> {
            Integer narrow = scan.int32(last);
            yield narrow == null ? null : Long.valueOf(narrow);
          }
          case TIME, TEXT ->
              Fields.time(scan.text(last), "header ", alias.header(), scan.warnings());
        };
    return Hops.offset(number);
  }

  private int last(HeaderScan scan, Alias alias) {
    HeaderName header = names.find(alias.header());
    return header == null ? -1 : scan.last(header);
  }

  @Override
  public boolean strips(String header) {
    return headers.contains(header);
  }

  @Override
  public About about() {
    return About.of("Headers of an application's own", "`" + name + "`, ready made")
        .proof("nothing: only on topics that `errors.dialects.<topic>: " + name + "` gives it")
        .origin(told(Field.SOURCE_TOPIC, Field.SOURCE_PARTITION, Field.SOURCE_OFFSET))
        .failedAt(aliases.containsKey(Field.FAILED_AT) ? told(Field.FAILED_AT) : About.WRITTEN_AT)
        .fills("What its headers hold.")
        .silent("What its headers do not hold.")
        .setUp("Other names: `errors.aliases`, see [headers of your own](#headers-of-your-own).")
        .strips(new ArrayList<>(headers));
  }

  private String told(Field... fields) {
    return Arrays.stream(fields)
        .map(aliases::get)
        .filter(alias -> alias != null)
        .map(alias -> "`" + alias.header() + "`")
        .collect(Collectors.joining(", "));
  }
}
