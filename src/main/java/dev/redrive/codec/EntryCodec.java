// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.codec.Entry.CommandEntry;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.codec.Entry.FailureEntry;
import dev.redrive.codec.Entry.GroupEntry;
import dev.redrive.codec.Entry.HelloEntry;
import dev.redrive.codec.Entry.InferredEntry;
import dev.redrive.codec.Entry.LandingEntry;
import dev.redrive.codec.Entry.OfRun;
import dev.redrive.codec.Entry.OutcomeEntry;
import dev.redrive.codec.Entry.RoutedFailure;
import dev.redrive.command.Added;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.command.OutcomeNews;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Outcome;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * {@link Entry} as bytes: version, kind, then the kind's own layout. Kinds are letters; those of
 * runs are numbers from 10 on.
 *
 * <p>Past 300 lines because each kind's writing and reading stand side by side.
 */
public final class EntryCodec {
  private static final int VERSION = 1;
  private static final int FAILURE = 'F';
  private static final int COMMAND = 'C';
  private static final int OUTCOME = 'O';
  private static final int HELLO = 'H';
  private static final int EFFECT = 20;
  private static final int LANDING = 21;
  private static final int SEEKING = 22;
  private static final int FOUND = 23;
  private static final int INFERRED = 24;
  private static final int CALLED = 25;
  private static final int GROUP = 30;

  private static final int REPLAY = 'R';

  /** A replay whose command has headers, which come last. */
  private static final int REPLAY_WITH = 'W';

  private static final int DISCARD = 'D';
  private static final int ADD = 'A';
  private static final int RERUN_CALLBACK = 'B';
  private static final int CANCEL_CALLBACK = 'X';
  private static final int SUCCEEDED = 'S';
  private static final int FAILED = 'F';

  private EntryCodec() {}

  public static byte[] encode(Entry entry) {
    if (entry instanceof FailureEntry failure) {
      return encodeFailure(failure.id(), failure.facts(), failure.detail().array());
    }
    if (entry instanceof CommandEntry command) {
      return encodeCommand(command);
    }
    if (entry instanceof OutcomeEntry outcome) {
      return encodeOutcome(outcome.news());
    }
    if (entry instanceof EffectEntry effect) {
      return encodeEffect(effect);
    }
    if (entry instanceof LandingEntry landing) {
      ByteWriter out = start(192, LANDING);
      landing.landing().write(out);
      return out.done();
    }
    if (entry instanceof RoutedFailure routed) {
      ByteWriter out = start(384, routed.found() ? FOUND : SEEKING);
      writeFailure(out, routed.failure());
      return out.doneWith(routed.failure().detail().array());
    }
    if (entry instanceof OfRun run) {
      ByteWriter out = start(256, RunEntryCodec.kind(run.entry()));
      RunEntryCodec.write(out, run.entry());
      return out.done();
    }
    if (entry instanceof InferredEntry inferred) {
      ByteWriter out = start(192, INFERRED).flag(inferred.atLetter());
      inferred.landing().write(out);
      return out.done();
    }
    if (entry instanceof GroupEntry group) {
      return start(192, GROUP)
          .text(group.groupId())
          .text(group.title())
          .text(group.pipelineId())
          .number(group.partition())
          .flag(group.joined())
          .number(group.seen())
          .done();
    }
    HelloEntry hello = (HelloEntry) entry;
    return start(64, HELLO).text(hello.nonce()).done();
  }

  /**
   * Every arrival takes this way, so the detail, which has the payload, is copied once only.
   *
   * @param detail as {@link DetailCodec} wrote it
   */
  public static byte[] encodeFailure(LetterId id, FailureFacts facts, byte[] detail) {
    ByteWriter out = start(384, FAILURE);
    writeId(out, id);
    FactsCodec.write(out, facts);
    return out.doneWith(detail);
  }

  /**
   * Reads an entry. The detail of a failure is not looked into.
   *
   * @throws UnreadableBytesException where the bytes are no entry, or one of a newer Redrive
   */
  public static Entry decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a ledger entry", VERSION);
    int kind = in.u8();
    Entry entry =
        switch (kind) {
          case FAILURE -> readFailure(in);
          case COMMAND -> new CommandEntry(readCommand(in), in.number());
          case OUTCOME -> new OutcomeEntry(new OutcomeNews(readId(in), readOutcome(in)));
          case HELLO -> new HelloEntry(in.text());
          case GROUP ->
              new GroupEntry(in.text(), in.text(), in.text(), in.integer(), in.flag(), in.number());
          case LANDING -> new LandingEntry(Landing.read(in));
          case INFERRED -> readInferred(in);
          case SEEKING -> new RoutedFailure(readFailure(in), false);
          case FOUND -> new RoutedFailure(readFailure(in), true);
          case EFFECT -> new EffectEntry(EffectId.read(in), in.integer(), in.optionalText());
          case CALLED ->
              EffectEntry.called(
                  EffectId.read(in),
                  in.integer(),
                  new CallbackReply(DetailCodec.readResponse(in), in.flag()));
          case RunEntryCodec.START,
              RunEntryCodec.CONTROL,
              RunEntryCodec.SELECT,
              RunEntryCodec.REPORTED,
              RunEntryCodec.ALLOWED ->
              new OfRun(RunEntryCodec.read(in, kind));
          default -> throw new UnreadableBytesException("unknown kind of ledger entry " + kind);
        };
    in.end("a ledger entry");
    return entry;
  }

  private static ByteWriter start(int expected, int kind) {
    return new ByteWriter(expected).u8(VERSION).u8(kind);
  }

  private static InferredEntry readInferred(ByteReader in) {
    boolean atLetter = in.flag();
    return new InferredEntry(Landing.read(in), atLetter);
  }

  /** All but the detail, which comes last. */
  static void writeFailure(ByteWriter out, FailureEntry failure) {
    writeId(out, failure.id());
    FactsCodec.write(out, failure.facts());
  }

  static FailureEntry readFailure(ByteReader in) {
    LetterId id = readId(in);
    FailureFacts facts = FactsCodec.read(in);
    byte[] detail = in.rest();
    in.skip(detail.length);
    return new FailureEntry(id, facts, RawBytes.of(detail));
  }

  private static byte[] encodeCommand(CommandEntry entry) {
    ByteWriter out = start(256, COMMAND);
    writeCommand(out, entry.command());
    return out.number(entry.deferredSince()).done();
  }

  static void writeCommand(ByteWriter out, LetterCommand command) {
    Command.Meta meta = command.meta();
    boolean with = !command.headers().isEmpty();
    out.u8(with ? REPLAY_WITH : byteOf(command.type()))
        .text(meta.commandId())
        .text(meta.requestId())
        .text(meta.requestedBy())
        .text(meta.note())
        .text(meta.mode());
    writeId(out, command.letter());
    out.text(command.priority());
    writeAdded(out, command.added());
    if (with) {
      RawRecords.write(out, new RawRecord(null, null, command.headers()));
    }
  }

  static LetterCommand readCommand(ByteReader in) {
    int type = in.u8();
    LetterCommand plain = readPlain(in, type == REPLAY_WITH ? REPLAY : type);
    return type == REPLAY_WITH
        ? new LetterCommand(
            plain.type(),
            plain.meta(),
            plain.letter(),
            plain.priority(),
            plain.added(),
            RawRecords.read(in).headers())
        : plain;
  }

  private static LetterCommand readPlain(ByteReader in, int type) {
    return new LetterCommand(
        typeOf(type),
        new Command.Meta(
            in.text(), in.text(), in.optionalText(), in.optionalText(), in.optionalText()),
        readId(in),
        in.optionalText(),
        readAdded(in));
  }

  private static void writeAdded(ByteWriter out, @Nullable Added added) {
    out.flag(added != null);
    if (added == null) {
      return;
    }
    out.text(added.pipelineId()).text(added.recordId()).flag(added.record() != null);
    if (added.record() != null) {
      RawRecords.write(out, added.record());
    }
    DetailCodec.writeError(out, added.error());
  }

  private static @Nullable Added readAdded(ByteReader in) {
    return in.flag()
        ? new Added(
            in.text(), in.text(), in.flag() ? RawRecords.read(in) : null, DetailCodec.readError(in))
        : null;
  }

  private static byte[] encodeEffect(EffectEntry effect) {
    CallbackReply reply = effect.reply();
    ByteWriter out = start(reply == null ? 64 : 1_024, reply == null ? EFFECT : CALLED);
    effect.id().write(out);
    out.number(effect.attempt());
    if (reply == null) {
      return out.text(effect.failure()).done();
    }
    DetailCodec.writeResponse(out, reply.response());
    return out.flag(reply.hopeless()).done();
  }

  private static byte[] encodeOutcome(OutcomeNews news) {
    Outcome outcome = news.outcome();
    ByteWriter out = start(256, OUTCOME);
    writeId(out, news.letter());
    out.u8(outcome.result() == Outcome.Result.SUCCEEDED ? SUCCEEDED : FAILED)
        .text(outcome.runId())
        .optional(outcome.attempt());
    DetailCodec.writeError(out, outcome.error());
    return out.done();
  }

  private static Outcome readOutcome(ByteReader in) {
    return new Outcome(
        resultOf(in.u8()), in.optionalText(), in.optionalInt(), DetailCodec.readError(in));
  }

  private static void writeId(ByteWriter out, LetterId id) {
    out.fixed(id.high()).fixed(id.low());
  }

  private static LetterId readId(ByteReader in) {
    return new LetterId(in.fixed(), in.fixed());
  }

  private static int byteOf(LetterCommand.Type type) {
    return switch (type) {
      case REPLAY -> REPLAY;
      case DISCARD -> DISCARD;
      case ADD -> ADD;
      case RERUN_CALLBACK -> RERUN_CALLBACK;
      case CANCEL_CALLBACK -> CANCEL_CALLBACK;
    };
  }

  private static LetterCommand.Type typeOf(int value) {
    return switch (value) {
      case REPLAY -> LetterCommand.Type.REPLAY;
      case DISCARD -> LetterCommand.Type.DISCARD;
      case ADD -> LetterCommand.Type.ADD;
      case RERUN_CALLBACK -> LetterCommand.Type.RERUN_CALLBACK;
      case CANCEL_CALLBACK -> LetterCommand.Type.CANCEL_CALLBACK;
      default -> throw new UnreadableBytesException("unknown type of command " + value);
    };
  }

  private static Outcome.Result resultOf(int value) {
    return switch (value) {
      case SUCCEEDED -> Outcome.Result.SUCCEEDED;
      case FAILED -> Outcome.Result.FAILED;
      default -> throw new UnreadableBytesException("unknown outcome " + value);
    };
  }
}
