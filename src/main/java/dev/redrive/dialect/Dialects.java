// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Warnings;
import dev.redrive.dialect.jvm.HelidonDialect;
import dev.redrive.dialect.jvm.HelidonMessagingDialect;
import dev.redrive.dialect.jvm.MicronautDialect;
import dev.redrive.dialect.jvm.SmallRyeDelayedDialect;
import dev.redrive.dialect.jvm.SmallRyeDialect;
import dev.redrive.dialect.kafka.BakdataDialect;
import dev.redrive.dialect.kafka.ConnectDialect;
import dev.redrive.dialect.kafka.ShareGroupDialect;
import dev.redrive.dialect.kafka.StreamsDialect;
import dev.redrive.dialect.own.EnvelopeDialect;
import dev.redrive.dialect.own.NativeDialect;
import dev.redrive.dialect.own.RedriveHeaders;
import dev.redrive.dialect.platform.KarafkaDialect;
import dev.redrive.dialect.spring.SpringCloudStreamDialect;
import dev.redrive.dialect.spring.SpringDialect;
import dev.redrive.dialect.spring.SpringRetryableDialect;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads the records of error topics, whoever wrote them. */
public final class Dialects {
  private static final HeaderNames NAMES = new HeaderNames();
  private static final Identity.Names IDS = new Identity.Names(NAMES);
  private static final UnknownDialect UNKNOWN = new UnknownDialect();

  /** In the order in which they are tried, the most certain proof first. */
  private static final List<Dialect> KNOWN =
      List.of(
          new EnvelopeDialect(NAMES),
          new NativeDialect(NAMES),
          new ShareGroupDialect(NAMES),
          new ConnectDialect(NAMES),
          new BakdataDialect(NAMES),
          new StreamsDialect(NAMES),
          new SpringRetryableDialect(NAMES),
          new SpringDialect(NAMES),
          new SpringCloudStreamDialect(NAMES),
          new SmallRyeDialect(NAMES),
          new SmallRyeDelayedDialect(NAMES),
          new MicronautDialect(NAMES),
          new HelidonDialect(NAMES),
          new HelidonMessagingDialect(NAMES),
          new KarafkaDialect(NAMES));

  private Dialects() {}

  /**
   * The failures that a record tells of: one, or one for each record of a batch. Whatever its bytes
   * are, there is at least one, and this does not throw.
   */
  public static List<Failure> read(Inbound inbound, DialectRules rules) {
    Warnings warnings = new Warnings();
    HeaderScan scan = new HeaderScan(NAMES, inbound.raw().headers(), warnings);
    List<Dialect> found = detected(scan);
    List<Told> told;
    try {
      told = found.isEmpty() ? UNKNOWN.read(scan, inbound) : found.get(0).read(scan, inbound);
    } catch (BrokenEnvelopeException e) {
      warnings.add("the envelope can't be read, so the record is kept as it is: " + e.text());
      found = List.of();
      told = UNKNOWN.read(scan, inbound);
    }
    List<String> conventions = names(found);
    if (told.size() == 1) {
      return List.of(failure(inbound, rules, scan, told.get(0), conventions, warnings));
    }
    List<Failure> failures = new ArrayList<>(told.size());
    for (Told each : told) {
      failures.add(failure(inbound, rules, scan, each, conventions, warnings.copy()));
    }
    return failures;
  }

  /** The names of all dialects that are recognised. */
  public static List<String> names() {
    return names(KNOWN);
  }

  /** The dialects of these names; names that a newer version stored are passed over. */
  static List<Dialect> named(List<String> names) {
    List<Dialect> found = new ArrayList<>(2);
    for (Dialect dialect : KNOWN) {
      if (names.contains(dialect.name())) {
        found.add(dialect);
      }
    }
    return found;
  }

  /** The dialect that wrote a letter last. */
  static Dialect of(FailureDetail detail) {
    for (Dialect dialect : KNOWN) {
      if (dialect.name().equals(detail.dialect())) {
        return dialect;
      }
    }
    return UNKNOWN;
  }

  private static Failure failure(
      Inbound inbound,
      DialectRules rules,
      HeaderScan scan,
      Told told,
      List<String> conventions,
      Warnings warnings) {
    HeaderScan ids = idsOf(scan, told, warnings);
    Identity identity = Identity.of(IDS, ids, told, inbound, rules, warnings);
    return Arrivals.failure(inbound, withIds(told, ids), identity, conventions, warnings);
  }

  private static Told withIds(Told told, HeaderScan ids) {
    Told.Ids own = told.ids();
    String connection = own.connectionId();
    String run = own.pipelineRunId();
    // A replay by reference that fails again still has no payload: its value only names the record.
    boolean isReference = RedriveHeaders.REFERENCE.equals(ids.text(IDS.payload));
    return new Told(
        new Told.Ids(
            own.pipelineId(),
            own.recordId(),
            connection == null ? ids.text(IDS.connectionId) : connection,
            run == null ? ids.text(IDS.pipelineRunId) : run,
            own.own()),
        told.error(),
        told.source(),
        told.failedOn(),
        told.times(),
        told.retryCount(),
        isReference ? Fidelity.MISSING : told.fidelity(),
        told.extras(),
        told.part());
  }

  /** An envelope may hold the record of a replay, headers and all. */
  private static HeaderScan idsOf(HeaderScan scan, Told told, Warnings warnings) {
    Told.Part part = told.part();
    if (part == null || (part.number() < 0 && scan.has(IDS.letterId))) {
      return scan;
    }
    RawRecord payload = part.payload();
    if (payload == null) {
      return part.number() < 0 ? scan : new HeaderScan(NAMES, List.of(), warnings);
    }
    HeaderScan inner = new HeaderScan(NAMES, payload.headers(), warnings);
    return part.number() < 0 && !inner.has(IDS.letterId) ? scan : inner;
  }

  /** All that the record carries the proof of, the newest first. */
  private static List<Dialect> detected(HeaderScan scan) {
    List<Dialect> found = List.of();
    for (Dialect dialect : KNOWN) {
      if (dialect.detects(scan)) {
        if (found.isEmpty()) {
          found = new ArrayList<>(2);
        }
        found.add(dialect);
      }
    }
    if (found.size() > 1) {
      found.sort(Comparator.comparingInt((Dialect d) -> d.lastWritten(scan)).reversed());
    }
    return found;
  }

  private static List<String> names(List<Dialect> dialects) {
    if (dialects.size() == 1) {
      return List.of(dialects.get(0).name());
    }
    return dialects.stream().map(Dialect::name).toList();
  }

  /**
   * What the letter of this failure keeps of its record, read from the error topic again.
   *
   * @param part as in its position on the error topic
   */
  static Optional<RawRecord> kept(FailureDetail detail, RawRecord original, int part) {
    return of(detail).part(original, part);
  }
}
