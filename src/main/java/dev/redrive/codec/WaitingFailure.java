// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.codec.Entry.FailureEntry;

/**
 * A failure that waits to be told which replay it comes from.
 *
 * @param until when it waits no longer, epoch milliseconds
 */
public record WaitingFailure(FailureEntry failure, long until) {
  private static final int VERSION = 1;

  public byte[] encode() {
    ByteWriter out = new ByteWriter(384).u8(VERSION).number(until);
    EntryCodec.writeFailure(out, failure);
    return out.doneWith(failure.detail().array());
  }

  /** Reads it; the detail is not looked into. */
  public static WaitingFailure decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a waiting failure", VERSION);
    long until = in.number();
    return new WaitingFailure(EntryCodec.readFailure(in), until);
  }
}
