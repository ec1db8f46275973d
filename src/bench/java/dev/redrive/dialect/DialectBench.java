// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Prints what reading one dead letter costs in CPU time of the thread. Header names and values are
 * made anew for each record, as a consumer does, so that no cached hash flatters the figure.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.dialect.DialectBench</pre>
 */
public final class DialectBench {
  private static final int BATCH = 500;
  private static final int ROUNDS = 1_000;
  private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

  /** A topic of its name holds each dialect that has its proof in the value. */
  private static final DialectRules BY_VALUE =
      DialectRules.of(
          Map.of(),
          OtherDeadLetters.byValue().keySet().stream()
              .collect(Collectors.toMap(name -> name, name -> name)),
          false);

  private DialectBench() {}

  public static void main(String[] args) {
    for (int pass = 0; pass < 2; pass++) {
      Samples.all().forEach(sample -> report(sample.dialect(), sample.first()));
      OtherDeadLetters.byHeader().forEach(DialectBench::report);
      OtherDeadLetters.byValue().forEach(DialectBench::report);
      report("connect, 12 headers, trace of 0.3 KB", connect(300));
      report("connect, 12 headers, trace of 4 KB", connect(4_000));
      report("unknown, 12 headers", unknown());
    }
  }

  private static void report(String what, RawRecord template) {
    double[] micros = new double[ROUNDS];
    long unused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<RawRecord> records = new ArrayList<>(BATCH);
      for (int i = 0; i < BATCH; i++) {
        records.add(fresh(template));
      }
      long start = THREAD.getCurrentThreadCpuTime();
      for (RawRecord raw : records) {
        Inbound inbound = new Inbound(raw, new UUID(1, 2), what, 0, round, 1, 2);
        List<Failure> failures = Dialects.read(inbound, BY_VALUE);
        unused += failures.get(0).id().low();
      }
      micros[round] = (THREAD.getCurrentThreadCpuTime() - start) / 1_000.0 / BATCH;
    }
    Arrays.sort(micros);
    System.out.printf(
        "%-40s %.2f us per record at the median, %.2f at p90 (%d)%n",
        what, micros[ROUNDS / 2], micros[ROUNDS * 9 / 10], unused & 1);
  }

  private static RawRecord fresh(RawRecord record) {
    List<Header> headers = new ArrayList<>(record.headers().size());
    for (Header header : record.headers()) {
      byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
      headers.add(new Header(new String(name, StandardCharsets.UTF_8), header.value()));
    }
    return new RawRecord(record.key(), record.value(), headers);
  }

  private static RawRecord connect(int traceBytes) {
    StringBuilder trace =
        new StringBuilder("org.apache.kafka.connect.errors.DataException: no JSON\n");
    for (int i = 1; trace.length() < traceBytes; i++) {
      trace.append("\tat org.apache.kafka.connect.runtime.WorkerSinkTask.convert");
      trace.append(i).append("(WorkerSinkTask.java:").append(i).append(")\n");
    }
    trace.append(
        "Caused by: com.acme.BadRecord: no\n\tat com.acme.Convert.apply(Convert.java:9)\n");
    return record(
        "trace", "t-1",
        "tenant", "acme",
        "__connect.errors.topic", "c-in",
        "__connect.errors.partition", "1",
        "__connect.errors.offset", "1077245",
        "__connect.errors.connector.name", "my-sink",
        "__connect.errors.task.id", "0",
        "__connect.errors.stage", "VALUE_CONVERTER",
        "__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter",
        "__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException",
        "__connect.errors.exception.message", "Converting byte[] to Kafka Connect data failed",
        "__connect.errors.exception.stacktrace", trace.toString());
  }

  private static RawRecord unknown() {
    String[] namesAndValues = new String[24];
    for (int i = 0; i < 24; i += 2) {
      namesAndValues[i] = "business-header-" + i;
      namesAndValues[i + 1] = "value";
    }
    return record(namesAndValues);
  }

  private static RawRecord record(String... namesAndValues) {
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(Header.utf8(namesAndValues[i], namesAndValues[i + 1]));
    }
    return new RawRecord(RawBytes.utf8("key"), RawBytes.of(new byte[700]), headers);
  }
}
