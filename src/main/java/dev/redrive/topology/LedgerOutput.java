// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.AnswerJson;
import dev.redrive.codec.Entry;
import dev.redrive.codec.EntryCodec;
import dev.redrive.codec.EventJson;
import dev.redrive.codec.EventJson.Cause;
import dev.redrive.codec.Landing;
import dev.redrive.codec.RunEntry;
import dev.redrive.codec.SelectedJson;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.TraceContext;
import dev.redrive.run.Run;
import dev.redrive.topology.ReplayPlanner.Plan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * What a task sends: replays, events, answers, entries to itself. Everything gets a timestamp of
 * its own, since the 0 of control entries would have retention delete it at once.
 */
final class LedgerOutput {
  private final ProcessorContext<byte[], Outbound> context;
  private final EventJson events;
  private final String eventsNode;
  private final String resultsNode;
  private final Landings landings;

  private LedgerOutput(
      ProcessorContext<byte[], Outbound> context,
      String applicationId,
      String eventsNode,
      String resultsNode,
      Landings landings) {
    this.context = context;
    this.events = new EventJson(applicationId);
    this.eventsNode = eventsNode;
    this.resultsNode = resultsNode;
    this.landings = landings;
  }

  static LedgerOutput ofLedger(ProcessorContext<byte[], Outbound> context, Landings landings) {
    return new LedgerOutput(
        context, context.applicationId(), Nodes.EVENTS, Nodes.RESULTS, landings);
  }

  static LedgerOutput ofFailureIntake(ProcessorContext<byte[], Outbound> context) {
    return new LedgerOutput(
        context, context.applicationId(), Nodes.FAILURE_EVENTS, "none", new Landings());
  }

  static LedgerOutput ofControlIntake(ProcessorContext<byte[], Outbound> context) {
    return new LedgerOutput(
        context,
        context.applicationId(),
        Nodes.INTAKE_EVENTS,
        Nodes.INTAKE_RESULTS,
        new Landings());
  }

  /** The record again, as its retry topic's consumers get it. */
  void replay(Plan.Send send) {
    RawRecord record = send.record();
    if (send.landing() != null) {
      landings.expect(send.landing());
    }
    context.forward(
        new Record<>(
            bytes(record.key()),
            Outbound.to(send.target(), record.value()),
            send.timestamp(),
            headers(record.headers())),
        Nodes.RETRY);
  }

  /** A partition's letters of a group became some, or none: told to who keeps the group. */
  void group(Entry.GroupEntry entry, long now) {
    context.forward(
        new Record<>(utf8(entry.groupId()), Outbound.of(EntryCodec.encode(entry)), now),
        Nodes.BACK_TO_CONTROL);
  }

  /** A group appeared or came back. */
  void group(FailureGroup group, String pipelineId, long now) {
    event(events.group(group, pipelineId, now), now);
  }

  void hello(String nonce, int partition, long now) {
    back(new Entry.HelloEntry(nonce), partition, now);
  }

  /** Work outside the stream has ended; it is taken in as the task reads it back. */
  void effect(Entry.EffectEntry news, int partition, long now) {
    back(news, partition, now);
  }

  /** A replay landed: told to the partition that answers for that place. */
  void landing(Landing landing, long now) {
    context.forward(
        new Record<>(
            LedgerPartitioner.key(landing.place()),
            Outbound.of(EntryCodec.encode(new Entry.LandingEntry(landing))),
            now),
        Nodes.BACK_TO_CONTROL);
  }

  /**
   * Sends a failure on to its letter. Over the ledger topic: what was written there before it, and
   * so before it on its error topic, must be taken in before it, or would pass for delivered again.
   */
  void found(Entry.FailureEntry failure, long now) {
    context.forward(
        new Record<>(
            LedgerPartitioner.key(failure.id()),
            Outbound.of(EntryCodec.encode(new Entry.RoutedFailure(failure, true))),
            now),
        Nodes.BACK_TO_LEDGER);
  }

  /** An inferred outcome, behind all that this partition is about to take in. */
  void inferredHere(Entry.InferredEntry inferred, int partition, long now) {
    context.forward(
        new Record<>(null, Outbound.toPartition(partition, EntryCodec.encode(inferred)), now),
        Nodes.BACK_TO_LEDGER);
  }

  /** An inferred outcome, on to its letter. */
  void inferred(Entry.InferredEntry inferred, long now) {
    context.forward(
        new Record<>(
            LedgerPartitioner.key(inferred.landing().letter()),
            Outbound.of(EntryCodec.encode(inferred)),
            now),
        Nodes.BACK_TO_LEDGER);
  }

  /** Puts the command off: it comes back through the control topic. */
  void again(Entry.CommandEntry command, int partition, long now) {
    back(command, partition, now);
  }

  /** Tells the coordinator of a run. */
  void run(byte[] home, RunEntry entry, long now) {
    byte[] value = EntryCodec.encode(new Entry.OfRun(entry));
    context.forward(new Record<>(home, Outbound.of(value), now), Nodes.BACK_TO_CONTROL);
  }

  /** Tells a partition of a run. */
  void run(int partition, RunEntry entry, long now) {
    back(new Entry.OfRun(entry), partition, now);
  }

  /**
   * Something happened to a run.
   *
   * @param by who wanted it; null: nobody did, it came so
   * @param number of the partition's change
   */
  void run(String what, Run run, Command.@Nullable Meta by, long number, long now) {
    event(events.run(what, run, by, number, now), now);
  }

  /** What a run is about is counted: the second answer to its command. */
  void selected(Run run, long now) {
    byte[] key = utf8(run.spec().command().meta().requestId());
    context.forward(new Record<>(key, Outbound.of(SelectedJson.write(run)), now), resultsNode);
  }

  /** Something happened to a letter: too often for an audit that people read unasked. */
  void letter(LetterId id, LetterHead head, LetterEvent what, Cause cause, long now) {
    event(events.letter(what, id, head, cause, head.change(), now), Level.DEBUG, now);
  }

  /** News that changed nothing, so has no change to be numbered by. */
  void ignored(LetterId id, @Nullable LetterHead head, LetterEvent what, Cause cause, long now) {
    long offset = context.recordMetadata().map(RecordMetadata::offset).orElse(0L);
    event(events.letter(what, id, head, cause, -1 - offset, now), Level.DEBUG, now);
  }

  /**
   * The one answer to a command, for who waits for it and for the audit.
   *
   * @param trace that the record which it sent belongs to
   */
  void answer(Answer answer, @Nullable Command command, @Nullable TraceContext trace, long now) {
    result(answer, now);
    event(events.answered(answer, command, trace, now), now);
  }

  /** As many as somebody sends, so not for an audit that people read unasked either. */
  void unreadableOutcome(Coordinates where, String why, long now) {
    event(events.outcomeUnreadable(where, why, now), Level.DEBUG, now);
  }

  /** Tells of records that were deleted before they were read, at the first one after them. */
  void gap(OffsetResets resets, RecordMetadata at, long now) {
    OptionalLong wanted = resets.take(at.topic(), at.partition());
    if (wanted.isPresent()) {
      Coordinates missing = new Coordinates(at.topic(), at.partition(), wanted.getAsLong());
      event(events.offsetsReset(missing, at.offset(), now), now);
    }
  }

  /** An answer for who waits for it only. */
  void result(Answer answer, long now) {
    context.forward(
        new Record<>(utf8(answer.requestId()), Outbound.of(AnswerJson.write(answer)), now),
        resultsNode);
  }

  private void event(EventJson.Event event, long now) {
    event(event, Level.INFO, now);
  }

  private void event(EventJson.Event event, Level audited, long now) {
    AuditLog.told(event, audited);
    context.forward(
        new Record<>(
            utf8(event.key()), Outbound.of(event.value().array()), now, headers(event.headers())),
        eventsNode);
  }

  private void back(Entry entry, int partition, long now) {
    context.forward(
        new Record<>(null, Outbound.toPartition(partition, EntryCodec.encode(entry)), now),
        Nodes.BACK_TO_CONTROL);
  }

  private static Headers headers(List<Header> headers) {
    RecordHeaders copy = new RecordHeaders();
    headers.forEach(header -> copy.add(header.name(), bytes(header.value())));
    return copy;
  }

  private static byte @Nullable [] bytes(@Nullable RawBytes bytes) {
    return bytes == null ? null : bytes.array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
