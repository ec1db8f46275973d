// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.LetterId;
import dev.redrive.run.Place;
import dev.redrive.run.Share;
import dev.redrive.run.ShareSpec;

/** One partition's share of a run as two rows: what it is about, and how far it has got. */
public final class ShareRow {
  private static final int VERSION = 1;

  private ShareRow() {}

  public static byte[] encode(ShareSpec spec) {
    ByteWriter out = new ByteWriter(512).u8(VERSION);
    RunEntryCodec.write(out, spec);
    return out.done();
  }

  public static ShareSpec decodeSpec(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a share of a run", VERSION);
    ShareSpec spec = RunEntryCodec.readSpec(in);
    in.end("a share of a run");
    return spec;
  }

  public static byte[] encode(Share share) {
    ByteWriter out = new ByteWriter(96).u8(VERSION).number(share.cut());
    out.flag(share.counted()).flag(share.walked());
    Place cursor = share.cursor();
    out.flag(cursor != null);
    if (cursor != null) {
      out.number(cursor.order()).fixed(cursor.id().high()).fixed(cursor.id().low());
    }
    SumsCodec.write(out, share.sums());
    out.number(share.met())
        .number(share.allowed())
        .number(share.consumed())
        .number(share.lapsesAt())
        .flag(share.unlimited())
        .list(share.deferred(), (w, id) -> w.fixed(id.high()).fixed(id.low()));
    SumsCodec.writePlan(out, share.plan());
    return out.done();
  }

  public static Share decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a share of a run", VERSION);
    Share share =
        new Share(
            in.number(),
            in.flag(),
            in.flag(),
            in.flag() ? new Place(in.number(), new LetterId(in.fixed(), in.fixed())) : null,
            SumsCodec.read(in),
            in.number(),
            in.number(),
            in.number(),
            in.number(),
            in.flag(),
            in.list(r -> new LetterId(r.fixed(), r.fixed())),
            SumsCodec.readPlan(in));
    in.end("a share of a run");
    return share;
  }
}
