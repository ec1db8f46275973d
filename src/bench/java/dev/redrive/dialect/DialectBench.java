// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.util.Statistics;

/**
 * What it costs to find out which conventions a dead letter follows and to read it, from its bytes
 * to the letter with id and failure group. Header names and values are made anew for each record,
 * as a consumer does, so that no cached hash flatters the figure.
 *
 * <pre>mvn -Pbench test-compile exec:exec -Dbench=dev.redrive.dialect.DialectBench</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DialectBench {
  /** All dialects in turn: what meets one code path after the other. */
  private static final String MIXED = "all in turn";

  /** A topic of its name holds each dialect that has its proof in the value. */
  private static final DialectRules BY_VALUE =
      DialectRules.of(
          Map.of(),
          OtherDeadLetters.byValue().keySet().stream()
              .collect(Collectors.toMap(name -> name, name -> name)),
          false);

  @Param(MIXED)
  public String dialect = MIXED;

  private List<Map.Entry<String, RawRecord>> templates = List.of();
  private int next;
  private Inbound inbound = inbound("", unknown());

  public static void main(String[] args) throws RunnerException {
    List<String> names = new ArrayList<>(List.of(MIXED));
    names.addAll(records().keySet());
    var options =
        new OptionsBuilder()
            .include(DialectBench.class.getName())
            .param("dialect", names.toArray(String[]::new))
            .build();
    for (RunResult result : new Runner(options).run()) {
      Statistics nanos = result.getPrimaryResult().getStatistics();
      System.out.printf(
          "%-40s %6.2f us per record at the median, %6.2f at p90%n",
          result.getParams().getParam("dialect"),
          nanos.getPercentile(50) / 1e3,
          nanos.getPercentile(90) / 1e3);
    }
  }

  @Setup(Level.Trial)
  public void choose() {
    templates =
        records().entrySet().stream()
            .filter(record -> dialect.equals(MIXED) || record.getKey().equals(dialect))
            .toList();
  }

  @Setup(Level.Invocation)
  public void arrive() {
    Map.Entry<String, RawRecord> template = templates.get(next++ % templates.size());
    inbound = inbound(template.getKey(), fresh(template.getValue()));
  }

  @Benchmark
  public List<Failure> read() {
    return Dialects.read(inbound, BY_VALUE);
  }

  private static Inbound inbound(String topic, RawRecord record) {
    return new Inbound(record, new UUID(1, 2), topic, 0, 1, 1, 2);
  }

  private static Map<String, RawRecord> records() {
    Map<String, RawRecord> records = new LinkedHashMap<>();
    records.put("no dialect, 12 headers", unknown());
    records.put("connect, 12 headers, trace of 0.3 KB", connect(300));
    records.put("connect, 12 headers, trace of 4 KB", connect(4_000));
    Samples.all().forEach(sample -> records.put(sample.dialect(), sample.first()));
    records.putAll(OtherDeadLetters.byHeader());
    records.putAll(OtherDeadLetters.byValue());
    return records;
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
