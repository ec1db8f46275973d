// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.alias.AliasDialect;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.dotnet.MassTransitDialect;
import dev.redrive.dialect.dotnet.NServiceBusDialect;
import dev.redrive.dialect.dotnet.SilverbackDialect;
import dev.redrive.dialect.dotnet.WolverineDialect;
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
import dev.redrive.dialect.platform.CloudEventsDialect;
import dev.redrive.dialect.platform.DaprDialect;
import dev.redrive.dialect.platform.GreyhoundDialect;
import dev.redrive.dialect.platform.KarafkaDialect;
import dev.redrive.dialect.platform.RedpandaConnectDialect;
import dev.redrive.dialect.platform.WatermillDialect;
import dev.redrive.dialect.spring.SpringCloudStreamDialect;
import dev.redrive.dialect.spring.SpringDialect;
import dev.redrive.dialect.spring.SpringRetryableDialect;
import dev.redrive.dialect.value.KsqlDialect;
import dev.redrive.dialect.value.KstreamplifyDialect;
import dev.redrive.dialect.value.LambdaDialect;
import dev.redrive.dialect.value.VectorDialect;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Reads the records of error topics, whoever wrote them.
 *
 * <p>Past 300 lines because all dialects are named here, in the order in which they are tried.
 */
public final class Dialects {
  private static final HeaderNames NAMES = new HeaderNames();
  private static final Identity.Names IDS = new Identity.Names(NAMES);
  private static final UnknownDialect UNKNOWN = new UnknownDialect();

  /** In the order in which they are tried, the most certain proof first. */
  private static final List<Dialect> KNOWN =
      known(
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
          new KarafkaDialect(NAMES),
          new WatermillDialect(NAMES),
          new MassTransitDialect(NAMES),
          new NServiceBusDialect(NAMES),
          new SilverbackDialect(NAMES),
          new WolverineDialect(NAMES),
          new GreyhoundDialect(NAMES),
          new DaprDialect(NAMES),
          new RedpandaConnectDialect(NAMES),
          new CloudEventsDialect(NAMES),
          new KstreamplifyDialect(),
          new LambdaDialect(),
          new KsqlDialect(),
          new VectorDialect());

  private Dialects() {}

  private static List<Dialect> known(Dialect... byHeaders) {
    List<Dialect> known = new ArrayList<>(List.of(byHeaders));
    known.addAll(AliasDialect.ready());
    return List.copyOf(known);
  }

  /**
   * The failures that a record tells of: one, or one for each record of a batch. Whatever its bytes
   * are, there is at least one, and this does not throw.
   */
  public static List<Failure> read(Inbound inbound, DialectRules rules) {
    Warnings warnings = new Warnings();
    HeaderScan scan = new HeaderScan(NAMES, inbound.raw().headers(), warnings);
    Understood understood = understood(scan, inbound, rules);
    List<Told> told = understood.told();
    List<String> conventions = marks(understood.conventions(), inbound.raw());
    if (told.size() == 1) {
      return List.of(failure(inbound, rules, scan, told.get(0), conventions, warnings));
    }
    List<Failure> failures = new ArrayList<>(told.size());
    for (Told each : told) {
      failures.add(failure(inbound, rules, scan, each, conventions, warnings.copy()));
    }
    return failures;
  }

  /**
   * A record that has been read.
   *
   * @param conventions the one that told first
   */
  private record Understood(List<Told> told, List<Dialect> conventions) {}

  /** By the dialect of the settings, else by what it carries the proof of, else as it is. */
  private static Understood understood(HeaderScan scan, Inbound inbound, DialectRules rules) {
    List<Dialect> found = detected(scan);
    Optional<Dialect> set = rules.aliasOf(inbound.topic());
    if (set.isEmpty()) {
      set = rules.dialectOf(inbound.topic()).map(Dialects::byName);
    }
    if (set.isPresent()) {
      found = first(set.get(), found);
    }
    while (!found.isEmpty()) {
      try {
        return new Understood(found.get(0).read(scan, inbound), found);
      } catch (BrokenEnvelopeException e) {
        String what = set.isPresent() ? found.get(0).name() + " record" : "envelope";
        scan.warnings()
            .add("the " + what + " can't be read, so the record is kept as it is: " + e.text());
        found = found.subList(1, found.size());
      }
    }
    return new Understood(UNKNOWN.read(scan, inbound), List.of());
  }

  private static List<Dialect> first(Dialect set, List<Dialect> found) {
    if (set.equals(UNKNOWN)) {
      return List.of();
    }
    List<Dialect> all = new ArrayList<>(found.size() + 1);
    all.add(set);
    for (Dialect other : found) {
      if (!other.equals(set)) {
        all.add(other);
      }
    }
    return all;
  }

  private static Dialect byName(String name) {
    for (Dialect dialect : KNOWN) {
      if (dialect.name().equals(name)) {
        return dialect;
      }
    }
    return UNKNOWN;
  }

  /** Whether settings may name it: a dialect, or {@code unknown} for none. */
  static boolean isKnown(String name) {
    return name.equals(UnknownDialect.NAME) || !byName(name).equals(UNKNOWN);
  }

  /** Every dialect that is recognised, in the order in which they are tried. */
  static List<Dialect> known() {
    return KNOWN;
  }

  /** Whether who wrote this failure drops the headers by which a replay is known again. */
  public static boolean dropsHeaders(FailureDetail detail) {
    return of(detail).dropsHeaders();
  }

  /** Whether a consumer that has gone past a replay of this letter may try it again later. */
  public static boolean retriesLater(FailureDetail detail) {
    return named(detail.conventions()).stream().anyMatch(Dialect::retriesLater);
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
    AliasDialect.marked(names).ifPresent(found::add);
    return found;
  }

  /** The names as a letter keeps them. */
  private static List<String> marks(List<Dialect> conventions, RawRecord raw) {
    if (conventions.isEmpty() || !(conventions.get(0) instanceof AliasDialect alias)) {
      return names(conventions);
    }
    List<String> marks = new ArrayList<>(alias.marks(raw.headers()));
    marks.addAll(names(conventions.subList(1, conventions.size())));
    return marks;
  }

  /** The dialect that wrote a letter last. */
  static Dialect of(FailureDetail detail) {
    return byName(detail.dialect());
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
    return Arrivals.failure(
        inbound, withIds(told, ids), identity, conventions, rules.grouping(), warnings);
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
      if (dialect.detects(scan) && (found.isEmpty() || dialect.tellsOfFailures())) {
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
