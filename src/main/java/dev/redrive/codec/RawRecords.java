// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.Header;
import dev.redrive.letter.RawRecord;

/** {@link RawRecord} as bytes; part of other layouts, which carry the version. */
final class RawRecords {

  private RawRecords() {}

  static void write(ByteWriter out, RawRecord record) {
    out.raw(record.key())
        .raw(record.value())
        .list(record.headers(), (w, header) -> w.text(header.name()).raw(header.value()));
  }

  static RawRecord read(ByteReader in) {
    return new RawRecord(in.raw(), in.raw(), in.list(r -> new Header(r.text(), r.raw())));
  }
}
