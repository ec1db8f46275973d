// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.run.Bucket;
import dev.redrive.run.FailureWindow;
import dev.redrive.run.Part;
import dev.redrive.run.Progress;
import dev.redrive.run.RunSpec;
import dev.redrive.run.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run as its coordinator keeps it, in several rows so that a report rewrites little: what was
 * asked, how far it is, and one row for each partition.
 */
public final class RunRow {
  private static final int VERSION = 1;
  private static final List<Part.Order> ORDERS =
      List.of(Part.Order.HOLD, Part.Order.SOME, Part.Order.UNLIMITED, Part.Order.STOP);

  private RunRow() {}

  public static byte[] encode(RunSpec spec) {
    ByteWriter out = new ByteWriter(512).u8(VERSION).text(spec.id());
    RunEntryCodec.writeCommand(out, spec.command());
    out.number(spec.createdAt());
    writeDecimal(out, spec.rate());
    return out.number(spec.partitions()).done();
  }

  public static RunSpec decodeSpec(byte[] bytes) {
    ByteReader in = start(bytes);
    RunSpec spec =
        new RunSpec(
            in.text(),
            RunEntryCodec.readRunCommand(in),
            in.number(),
            readDecimal(in),
            in.integer());
    in.end("a run");
    return spec;
  }

  public static byte[] encode(Progress progress) {
    ByteWriter out = new ByteWriter(160).u8(VERSION);
    writeState(out, progress.state());
    out.number(progress.since())
        .optional(progress.selectedAt())
        .optional(progress.endedAt())
        .fixed(Double.doubleToLongBits(progress.bucket().tokens()))
        .number(progress.bucket().refilledAt())
        .number(progress.window().olderBad())
        .number(progress.window().olderAll())
        .number(progress.window().newerBad())
        .number(progress.window().newerAll())
        .list(progress.samples(), (w, sample) -> w.number(sample.at()).number(sample.done()));
    return out.done();
  }

  public static Progress decodeProgress(byte[] bytes) {
    ByteReader in = start(bytes);
    Progress progress =
        new Progress(
            readState(in),
            in.number(),
            in.optionalLong(),
            in.optionalLong(),
            new Bucket(Double.longBitsToDouble(in.fixed()), in.number()),
            new FailureWindow(in.number(), in.number(), in.number(), in.number()),
            in.list(r -> new Progress.Sample(r.number(), r.number())));
    in.end("a run");
    return progress;
  }

  public static byte[] encode(Part part) {
    ByteWriter out =
        new ByteWriter(96)
            .u8(VERSION)
            .number(part.partition())
            .flag(part.counted())
            .flag(part.walked());
    SumsCodec.write(out, part.sums());
    out.u8(ORDERS.indexOf(part.order()))
        .number(part.granted())
        .number(part.consumed())
        .optional(part.waitingSince());
    SumsCodec.writePlan(out, part.plan());
    SumsCodec.writeHeldUp(out, part.heldUp());
    return out.done();
  }

  public static Part decodePart(byte[] bytes) {
    ByteReader in = start(bytes);
    Part part =
        new Part(
            in.integer(),
            in.flag(),
            in.flag(),
            SumsCodec.read(in),
            order(in.u8()),
            in.number(),
            in.number(),
            in.optionalLong(),
            SumsCodec.readPlan(in),
            SumsCodec.readHeldUp(in));
    in.end("a run");
    return part;
  }

  private static ByteReader start(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a run", VERSION);
    return in;
  }

  private static Part.Order order(int value) {
    if (value >= ORDERS.size()) {
      throw new UnreadableBytesException("unknown order to a partition " + value);
    }
    return ORDERS.get(value);
  }

  private static void writeState(ByteWriter out, RunState state) {
    if (state instanceof RunState.Selecting) {
      out.u8('S');
    } else if (state instanceof RunState.Canary canary) {
      out.u8('K').optional(canary.sentAt());
    } else if (state instanceof RunState.Running) {
      out.u8('R');
    } else if (state instanceof RunState.Halted halted) {
      out.u8('H').text(halted.reason());
    } else {
      out.u8(state instanceof RunState.Cancelled ? 'X' : 'C');
    }
  }

  private static RunState readState(ByteReader in) {
    int state = in.u8();
    return switch (state) {
      case 'S' -> new RunState.Selecting();
      case 'K' -> new RunState.Canary(in.optionalLong());
      case 'R' -> new RunState.Running();
      case 'H' -> new RunState.Halted(in.text());
      case 'X' -> new RunState.Cancelled();
      case 'C' -> new RunState.Completed();
      default -> throw new UnreadableBytesException("unknown state of a run " + state);
    };
  }

  private static void writeDecimal(ByteWriter out, @Nullable Double value) {
    out.flag(value != null);
    if (value != null) {
      out.fixed(Double.doubleToLongBits(value));
    }
  }

  private static @Nullable Double readDecimal(ByteReader in) {
    return in.flag() ? (Double) Double.longBitsToDouble(in.fixed()) : null;
  }
}
