// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.value;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Extras;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Part;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.Fields;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.dialect.value.LambdaReader.Batch;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * AWS Lambda's on-failure destination of a Kafka event source. Source: the record format in the
 * Lambda developer guide, destination {@code kafka://topic}. One message holds the whole batch of
 * an invocation; each record of it becomes a letter that keeps that record's JSON alone.
 */
public final class LambdaDialect implements Dialect {
  @Override
  public String name() {
    return "aws-lambda";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return false;
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return -1;
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) throws BrokenEnvelopeException {
    Batch batch = LambdaReader.read(inbound.raw().value());
    Shared shared = Shared.of(batch, scan, inbound);
    List<RawBytes> records = batch.records();
    if (records.isEmpty()) {
      return List.of(shared.told(Source.UNKNOWN, Fidelity.MISSING, null));
    }
    List<Told> told = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      told.add(record(shared, records.get(i), i, scan));
    }
    return told;
  }

  private static Told record(Shared shared, RawBytes json, int number, HeaderScan scan) {
    RawRecord kept = new RawRecord(null, json, List.of());
    try {
      LambdaRecord record = LambdaRecord.read(json);
      return shared.told(
          record.source(), Fidelity.EXTRACTED, new Part(kept, record.payload(), number));
    } catch (BrokenEnvelopeException e) {
      scan.warnings()
          .add("record " + number + " of the batch can't be taken out of it: " + e.text());
      return shared.told(Source.UNKNOWN, Fidelity.MISSING, new Part(kept, null, number));
    }
  }

  /** What the batch says once for each of its records. */
  private record Shared(
      @Nullable String function,
      FailureError error,
      Times times,
      @Nullable Integer invocations,
      @Nullable String metadata) {

    static Shared of(Batch batch, HeaderScan scan, Inbound inbound) {
      String reason = JsonTree.text(batch.get("responseContext", "functionError"));
      Long failed =
          Fields.time(
              JsonTree.scalar(batch.about().get("timestamp")), "$.", "timestamp", scan.warnings());
      return new Shared(
          JsonTree.text(batch.get("requestContext", "functionArn")),
          new FailureError(
              JsonTree.text(batch.get("requestContext", "condition")), reason, null, null, null),
          Times.at(failed == null ? inbound.writtenAt() : failed),
          JsonTree.count(batch.get("requestContext", "approximateInvokeCount")),
          metadata(batch, inbound, scan));
    }

    private static @Nullable String metadata(Batch batch, Inbound inbound, HeaderScan scan) {
      JsonNode request = batch.get("requestContext", "requestId");
      String id = JsonTree.text(request);
      return new MetadataText(scan.warnings())
          .put("batch_id", id == null ? inbound.coordinates().toString() : id)
          .put("request_id", id)
          .put("executed_version", JsonTree.scalar(batch.get("responseContext", "executedVersion")))
          .put("status_code", JsonTree.scalar(batch.get("responseContext", "statusCode")))
          .put("event_source_arn", JsonTree.text(batch.get("KafkaBatchInfo", "eventSourceArn")))
          .json();
    }

    Told told(Source source, Fidelity fidelity, @Nullable Part part) {
      return new Told(
          Ids.pipeline(function),
          error,
          source,
          source.topic(),
          times,
          invocations,
          fidelity,
          Extras.metadata(metadata),
          part);
    }
  }

  @Override
  public boolean strips(String header) {
    return false;
  }

  /** A letter keeps the JSON of its record; only a batch that came without any is kept whole. */
  @Override
  public Optional<RawRecord> unwrap(RawRecord raw) {
    RawBytes value = raw.value();
    try {
      return value == null || LambdaReader.isBatch(value)
          ? Optional.empty()
          : Optional.of(LambdaRecord.read(value).payload());
    } catch (BrokenEnvelopeException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<RawRecord> part(RawRecord raw, int number) {
    try {
      List<RawBytes> records = LambdaReader.read(raw.value()).records();
      if (records.isEmpty()) {
        return Optional.of(raw);
      }
      return number < 0 || number >= records.size()
          ? Optional.empty()
          : Optional.of(new RawRecord(null, records.get(number), List.of()));
    } catch (BrokenEnvelopeException e) {
      return Optional.empty();
    }
  }

  @Override
  public About about() {
    return About.of(
            "AWS Lambda, a Kafka event source whose on-failure destination is a topic",
            "the record format in the Lambda developer guide")
        .proof("the settings, and a JSON object with `requestContext` and `KafkaBatchInfo`")
        .pipeline("`functionArn`")
        .origin("each record's `topic`, `partition`, `offset`")
        .failedAt("`timestamp`, else the record's timestamp")
        .fills(
            "One letter for each record of the batch, with its own key, value, headers and"
                + " timestamp. The condition as code (`RetriesExhausted`), `functionError` as"
                + " message, the invocations, the request's id as metadata.")
        .silent(
            "Which record of the batch made the function fail, what it threw, the consumer group."
                + " A batch without its payload is one letter that can't be replayed.")
        .setUp(
            "`errors.dialects.<topic>: aws-lambda`. Batches of one record, or Lambda's bisection,"
                + " tell the culprit.");
  }
}
