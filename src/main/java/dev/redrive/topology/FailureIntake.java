// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.Entry;
import dev.redrive.codec.EntryCodec;
import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.Dialects;
import dev.redrive.dialect.FailureLimits;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.CallbackRules;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Turns each record of an error topic into a failure and addresses it to its letter's partition.
 * Any bytes pass: what no dialect understands is kept as it is.
 */
final class FailureIntake implements Processor<byte[], byte[], byte[], Outbound> {
  private final DialectRules rules;
  private final FailureLimits limits;
  private final TopicIds topicIds;
  private final OffsetResets resets;
  private final PipelineRules pipelines;
  private final boolean callsBack;
  private @Nullable ProcessorContext<byte[], Outbound> context;
  private @Nullable LedgerOutput output;

  FailureIntake(
      DialectRules rules,
      FailureLimits limits,
      TopicIds topicIds,
      OffsetResets resets,
      PipelineRules pipelines) {
    this.rules = rules;
    this.limits = limits;
    this.topicIds = topicIds;
    this.resets = resets;
    this.pipelines = pipelines;
    this.callsBack = pipelines.callbacks().isPresent();
  }

  @Override
  public void init(ProcessorContext<byte[], Outbound> context) {
    this.context = context;
    output = LedgerOutput.ofFailureIntake(context);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    ProcessorContext<byte[], Outbound> to = Objects.requireNonNull(context, "not initialised");
    RecordMetadata at =
        to.recordMetadata().orElseThrow(() -> new IllegalStateException("a record without origin"));
    long now = to.currentSystemTimeMs();
    StepTime.ofThread().taken(now);
    output().gap(resets, at, now);
    UUID topicId = topicIds.of(at.topic(), at.partition(), at.offset());
    Inbound inbound =
        new Inbound(
            raw(record), topicId, at.topic(), at.partition(), at.offset(), record.timestamp(), now);
    for (Failure read : Dialects.read(inbound, rules)) {
      Failure fitting = limits.fit(read);
      Failure failure = callsBack ? CallbackRules.begun(fitting) : fitting;
      byte[] detail = DetailCodec.encode(failure.detail());
      Coordinates landing = landing(failure).orElse(null);
      to.forward(
          landing == null
              ? entry(
                  LedgerPartitioner.key(failure.id()),
                  EntryCodec.encodeFailure(failure.id(), failure.facts(), detail),
                  now)
              : entry(LedgerPartitioner.key(landing), seeking(failure, detail), now),
          Nodes.TO_LEDGER);
    }
  }

  /** Where a replay landed whose failure this may be, though it does not say so. */
  private Optional<Coordinates> landing(Failure failure) {
    FailureFacts facts = failure.facts();
    boolean mayBe =
        facts.replay() == null
            && (pipelines.dropsHeaders(facts.pipelineId())
                || Dialects.dropsHeaders(failure.detail()));
    return mayBe
        ? failure
            .detail()
            .source()
            .coordinates()
            .filter(place -> pipelines.mayReplayTo(facts.pipelineId(), place.topic()))
        : Optional.empty();
  }

  private static byte[] seeking(Failure failure, byte[] detail) {
    return EntryCodec.encode(
        new Entry.RoutedFailure(
            new Entry.FailureEntry(failure.id(), failure.facts(), RawBytes.of(detail)), false));
  }

  private static Record<byte[], Outbound> entry(byte[] key, byte[] entry, long now) {
    return new Record<>(key, Outbound.of(entry), now);
  }

  private LedgerOutput output() {
    return Objects.requireNonNull(output, "not initialised");
  }

  static RawRecord raw(Record<byte[], byte[]> record) {
    return new RawRecord(
        RawBytes.ofNullable(record.key()),
        RawBytes.ofNullable(record.value()),
        headers(record.headers()));
  }

  static List<Header> headers(Headers headers) {
    List<Header> copy = new ArrayList<>();
    for (org.apache.kafka.common.header.Header header : headers) {
      copy.add(new Header(header.key(), RawBytes.ofNullable(header.value())));
    }
    return copy;
  }
}
