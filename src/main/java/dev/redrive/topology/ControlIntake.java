// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.CommandJson;
import dev.redrive.codec.Entry;
import dev.redrive.codec.EntryCodec;
import dev.redrive.codec.OutcomeJson;
import dev.redrive.codec.RunEntry;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.letter.Coordinates;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns commands and outcomes into typed entries and addresses them to their letter's partition.
 * One that can't be read is answered here and never stops the stream.
 */
final class ControlIntake implements Processor<byte[], byte[], byte[], Outbound> {
  private static final Logger LOGGER = LoggerFactory.getLogger(ControlIntake.class);

  private final String outcomeTopic;
  private final LedgerFigures figures;
  private final OffsetResets resets;
  private final JustCancelled cancelled;
  private final Seldom complaints = new Seldom();
  private @Nullable ProcessorContext<byte[], Outbound> context;
  private @Nullable LedgerOutput output;
  private @Nullable PromptCommits commits;

  ControlIntake(
      String outcomeTopic, LedgerFigures figures, OffsetResets resets, JustCancelled cancelled) {
    this.outcomeTopic = outcomeTopic;
    this.figures = figures;
    this.resets = resets;
    this.cancelled = cancelled;
  }

  @Override
  public void init(ProcessorContext<byte[], Outbound> context) {
    this.context = context;
    output = LedgerOutput.ofControlIntake(context);
    commits = new PromptCommits(context);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    ProcessorContext<byte[], Outbound> to = Objects.requireNonNull(context, "not initialised");
    RecordMetadata at =
        to.recordMetadata().orElseThrow(() -> new IllegalStateException("a record without origin"));
    output().gap(resets, at, to.currentSystemTimeMs());
    if (at.topic().equals(outcomeTopic)) {
      outcome(to, record, at);
    } else {
      command(to, record, at);
    }
    Objects.requireNonNull(commits, "not initialised").ask();
  }

  private void command(
      ProcessorContext<byte[], Outbound> to, Record<byte[], byte[]> record, RecordMetadata at) {
    String place = place(at).toString();
    CommandJson.Reading reading = CommandJson.read(record.value(), place, place);
    if (reading instanceof CommandJson.Read read) {
      control(to, read.command());
      return;
    }
    CommandJson.Unreadable unreadable = (CommandJson.Unreadable) reading;
    figures.commandsRejected.increment();
    Answer answer =
        new Answer(
            unreadable.commandId(),
            unreadable.requestId(),
            unreadable.refusal(),
            false,
            null,
            null,
            null);
    output().answer(answer, null, null, to.currentSystemTimeMs());
  }

  private void outcome(
      ProcessorContext<byte[], Outbound> to, Record<byte[], byte[]> record, RecordMetadata at) {
    OutcomeJson.Reading reading =
        OutcomeJson.read(record.value(), FailureIntake.headers(record.headers()));
    if (reading instanceof OutcomeJson.Read read) {
      byte[] key = LedgerPartitioner.key(read.news().letter());
      control(to, key, new Entry.OutcomeEntry(read.news()));
      return;
    }
    String why = ((OutcomeJson.Unreadable) reading).why();
    figures.outcomesUnreadable.increment();
    int told = complaints.count(to.currentSystemTimeMs());
    if (told > 0) {
      // What is wrong quotes the record, so it is told in the event alone.
      LOGGER
          .atWarn()
          .addKeyValue("outcome", place(at))
          .addKeyValue("outcomes", told)
          .log("outcomes could not be read; the events outcome.unreadable say why");
    }
    output().unreadableOutcome(place(at), why, to.currentSystemTimeMs());
  }

  private void control(ProcessorContext<byte[], Outbound> to, Command command) {
    if (command instanceof LetterCommand letter) {
      control(to, LedgerPartitioner.key(letter.letter()), new Entry.CommandEntry(letter, 0));
    } else if (command instanceof RunCommand run) {
      String pipeline = run.target().onlyPipeline().orElse(null);
      byte[] home = RunIds.home(RunIds.of(run.meta().commandId(), pipeline));
      control(to, home, new Entry.OfRun(new RunEntry.Start(run)));
    } else {
      RunControl control = (RunControl) command;
      if (control.verb() == RunControl.Verb.CANCEL) {
        cancelled.add(control.runId(), to.currentSystemTimeMs());
      }
      control(to, RunIds.home(control.runId()), new Entry.OfRun(new RunEntry.Control(control)));
    }
  }

  private static void control(ProcessorContext<byte[], Outbound> to, byte[] key, Entry entry) {
    to.forward(
        new Record<>(key, Outbound.of(EntryCodec.encode(entry)), to.currentSystemTimeMs()),
        Nodes.TO_CONTROL);
  }

  private LedgerOutput output() {
    return Objects.requireNonNull(output, "not initialised");
  }

  private static Coordinates place(RecordMetadata at) {
    return new Coordinates(at.topic(), at.partition(), at.offset());
  }
}
