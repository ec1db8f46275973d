// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.codec.RunEntry.Allowed;
import dev.redrive.codec.RunEntry.Control;
import dev.redrive.codec.RunEntry.Reported;
import dev.redrive.codec.RunEntry.Select;
import dev.redrive.codec.RunEntry.Start;
import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.run.Allowance;
import dev.redrive.run.ShareReport;
import dev.redrive.run.ShareSpec;
import java.util.List;

/**
 * {@link RunEntry} as bytes, after the kind that {@link EntryCodec} has written. Commands are their
 * JSON: it is versioned and read by the same rules as from the command topic.
 */
final class RunEntryCodec {
  static final int START = 10;
  static final int CONTROL = 11;
  static final int SELECT = 12;
  static final int REPORTED = 13;
  static final int ALLOWED = 14;

  private static final int SOME = 1;
  private static final int UNLIMITED = 2;
  private static final int HOLD = 3;
  private static final int STOP = 4;
  private static final int FORGET = 5;

  private RunEntryCodec() {}

  static int kind(RunEntry entry) {
    if (entry instanceof Start) {
      return START;
    }
    if (entry instanceof Control) {
      return CONTROL;
    }
    if (entry instanceof Select) {
      return SELECT;
    }
    return entry instanceof Reported ? REPORTED : ALLOWED;
  }

  static void write(ByteWriter out, RunEntry entry) {
    if (entry instanceof Start start) {
      writeCommand(out, start.command());
    } else if (entry instanceof Control control) {
      writeCommand(out, control.command());
    } else if (entry instanceof Select select) {
      write(out, select.spec());
    } else if (entry instanceof Reported reported) {
      out.text(reported.runId());
      writeReport(out, reported.report());
    } else {
      Allowed allowed = (Allowed) entry;
      out.text(allowed.runId());
      writeAllowance(out, allowed.allowance());
    }
  }

  static RunEntry read(ByteReader in, int kind) {
    return switch (kind) {
      case START -> new Start(readRunCommand(in));
      case CONTROL -> new Control(readControl(in));
      case SELECT -> new Select(readSpec(in));
      case REPORTED -> new Reported(in.text(), readReport(in));
      default -> new Allowed(in.text(), readAllowance(in));
    };
  }

  static void write(ByteWriter out, ShareSpec spec) {
    out.text(spec.runId());
    writeCommand(out, spec.command());
    List<LetterId> picked = spec.picked();
    out.flag(picked != null);
    if (picked != null) {
      out.list(picked, (w, id) -> w.fixed(id.high()).fixed(id.low()));
    }
  }

  static ShareSpec readSpec(ByteReader in) {
    return new ShareSpec(
        in.text(),
        readRunCommand(in),
        in.flag() ? in.list(r -> new LetterId(r.fixed(), r.fixed())) : null);
  }

  static void writeCommand(ByteWriter out, Command command) {
    out.raw(RawBytes.of(CommandJson.write(command)));
  }

  static RunCommand readRunCommand(ByteReader in) {
    if (readCommand(in) instanceof RunCommand run) {
      return run;
    }
    throw new UnreadableBytesException("a command that starts no run where one must be");
  }

  private static RunControl readControl(ByteReader in) {
    if (readCommand(in) instanceof RunControl control) {
      return control;
    }
    throw new UnreadableBytesException("a command to no run where one must be");
  }

  private static Command readCommand(ByteReader in) {
    RawBytes json = in.raw();
    CommandJson.Reading reading =
        CommandJson.readRun(json == null ? null : json.array(), "unknown", "unknown");
    if (reading instanceof CommandJson.Read read) {
      return read.command();
    }
    throw new UnreadableBytesException("a command that can't be read");
  }

  private static void writeReport(ByteWriter out, ShareReport report) {
    out.number(report.partition()).flag(report.counted()).flag(report.walked());
    SumsCodec.write(out, report.sums());
    out.number(report.consumed());
    SumsCodec.writePlan(out, report.plan());
    SumsCodec.writeHeldUp(out, report.heldUp());
  }

  private static ShareReport readReport(ByteReader in) {
    return new ShareReport(
        in.integer(),
        in.flag(),
        in.flag(),
        SumsCodec.read(in),
        in.number(),
        SumsCodec.readPlan(in),
        SumsCodec.readHeldUp(in));
  }

  private static void writeAllowance(ByteWriter out, Allowance allowance) {
    if (allowance instanceof Allowance.Some some) {
      out.u8(SOME).number(some.count());
    } else if (allowance instanceof Allowance.Unlimited) {
      out.u8(UNLIMITED);
    } else if (allowance instanceof Allowance.Hold) {
      out.u8(HOLD);
    } else {
      out.u8(allowance instanceof Allowance.Stop ? STOP : FORGET);
    }
  }

  private static Allowance readAllowance(ByteReader in) {
    int kind = in.u8();
    return switch (kind) {
      case SOME -> new Allowance.Some(in.number());
      case UNLIMITED -> new Allowance.Unlimited();
      case HOLD -> new Allowance.Hold();
      case STOP -> new Allowance.Stop();
      case FORGET -> new Allowance.Forget();
      default -> throw new UnreadableBytesException("unknown allowance " + kind);
    };
  }
}
