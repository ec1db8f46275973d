// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.kafka;

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
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.dialect.header.Places;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;

/**
 * Kafka Streams with {@code errors.dead.letter.queue.topic.name} (KIP-1034). Source: {@code
 * ExceptionHandlerUtils} of Kafka 4.3.1. Numbers are decimal text, -1 for unknown; a message or
 * topic may be a null value; headers are appended on each trip; key, value and timestamp are those
 * of the source record, both null where the failure belongs to none, as in a punctuation. Neither
 * the application nor the time of failure is told. bakdata's {@code
 * FilteringProcessingExceptionHandler} adds the processor node and the task.
 */
public final class StreamsDialect implements Dialect {
  static final String PREFIX = "__streams.errors.";

  private final HeaderName exception;
  private final HeaderName message;
  private final HeaderName stackTrace;
  private final HeaderName node;
  private final HeaderName task;
  private final Places places;
  private final List<HeaderName> own;

  public StreamsDialect(HeaderNames names) {
    exception = names.of(PREFIX + "exception");
    message = names.of(PREFIX + "message");
    stackTrace = names.of(PREFIX + "stacktrace");
    node = names.of(PREFIX + "processor.node.id");
    task = names.of(PREFIX + "task.id");
    places = places(names);
    own = List.of(exception, message, stackTrace, node, task);
  }

  /** bakdata's library writes these too, so they are no sign of either. */
  static Places places(HeaderNames names) {
    return new Places(names, PREFIX + "topic", PREFIX + "partition", PREFIX + "offset");
  }

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(exception);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, own);
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    Hops hops = places.hops(scan, Hops.timestamp(inbound.timestamp()), null);
    FailureError error =
        new FailureError(
            null, scan.text(message), scan.text(exception), null, scan.text(stackTrace));
    return List.of(
        Told.of(
                Ids.NONE,
                error,
                hops.first(),
                hops.newest().topic(),
                Times.at(inbound.arrivedAt()),
                null,
                fidelity(inbound, hops.newest()))
            .with(
                new MetadataText(scan.warnings())
                    .put("processor_node", scan.text(node))
                    .put("task_id", scan.text(task))
                    .json()));
  }

  /** Both null and no place: there was no source record, so this is no tombstone. */
  private static Fidelity fidelity(Inbound inbound, Source newest) {
    boolean nothing = inbound.raw().key() == null && inbound.raw().value() == null;
    return nothing && newest.coordinates().isEmpty() ? Fidelity.MISSING : Fidelity.ORIGINAL;
  }

  @Override
  public boolean strips(String header) {
    return header.startsWith(PREFIX);
  }

  @Override
  public About about() {
    return About.of("Kafka Streams, KIP-1034", "`ExceptionHandlerUtils` of Kafka 4.3.1")
        .proof("`__streams.errors.exception`")
        .origin("`__streams.errors.*`")
        .failedAt(About.ARRIVAL)
        .fills(
            "Exception class, message, trace. Key, value and timestamp are the source record's,"
                + " even if it failed deep in the topology.")
        .silent(
            "The application: give each an error topic of its own, or name the pipeline in the"
                + " settings. Attempts, and when it failed. A failure that belongs to no record, as"
                + " in a punctuation, has no payload and can't be replayed.")
        .setUp(
            "From 4.2 on `errors.dead.letter.queue.topic.name`, off by default, and a handler that"
                + " continues.")
        .strips(List.of(PREFIX + "*"));
  }
}
