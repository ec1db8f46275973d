// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record's headers after one pass over them: where the first and the last of each known name lie.
 * Reads values in the encoding that the caller's convention fixes; one that does not fit is a
 * warning and reads as null. An encoding is never guessed from a length.
 */
public final class HeaderScan {
  private final List<Header> headers;
  private final int[] first;
  private final int[] last;
  private final Warnings warnings;

  public HeaderScan(HeaderNames names, List<Header> headers, Warnings warnings) {
    this.headers = headers;
    this.warnings = warnings;
    first = new int[names.count()];
    last = new int[names.count()];
    Arrays.fill(first, -1);
    Arrays.fill(last, -1);
    for (int i = 0; i < headers.size(); i++) {
      HeaderName known = names.find(headers.get(i).name());
      if (known != null) {
        last[known.number()] = i;
        if (first[known.number()] < 0) {
          first[known.number()] = i;
        }
      }
    }
  }

  public Warnings warnings() {
    return warnings;
  }

  public List<Header> headers() {
    return headers;
  }

  public boolean has(HeaderName name) {
    return last[name.number()] >= 0;
  }

  /** Index of the last header of this name, or -1. */
  public int last(HeaderName name) {
    return last[name.number()];
  }

  /** Index of the first header of this name, or -1. */
  public int first(HeaderName name) {
    return first[name.number()];
  }

  /** Index of the first header of this name in {@code [from, to)}, or -1. */
  public int firstIn(HeaderName name, int from, int to) {
    int found = Math.max(first[name.number()], from);
    int end = Math.min(last[name.number()] + 1, to);
    while (found < end && !headers.get(found).name().equals(name.text())) {
      found++;
    }
    return found < end && found >= 0 ? found : -1;
  }

  /** Indexes of all headers of this name, in order. */
  public List<Integer> all(HeaderName name) {
    List<Integer> all = new ArrayList<>(2);
    for (int i = Math.max(0, first[name.number()]); i <= last[name.number()]; i++) {
      if (headers.get(i).name().equals(name.text())) {
        all.add(i);
      }
    }
    return all;
  }

  public boolean isRepeated(HeaderName name) {
    return first[name.number()] != last[name.number()];
  }

  /** Index of the last header of this name in {@code [from, to)}, or -1. */
  public int lastIn(HeaderName name, int from, int to) {
    int found = last[name.number()];
    if (found < from || first[name.number()] >= to) {
      return -1;
    }
    found = Math.min(found, to - 1);
    while (found >= from && !headers.get(found).name().equals(name.text())) {
      found--;
    }
    return found < from ? -1 : found;
  }

  public @Nullable RawBytes value(int index) {
    return index < 0 ? null : headers.get(index).value();
  }

  /** The last header's text; null where it is absent or its value is null. */
  public @Nullable String text(HeaderName name) {
    return text(last(name));
  }

  public @Nullable String text(int index) {
    RawBytes value = value(index);
    return value == null ? null : value.text();
  }

  /** A decimal number as text. */
  public @Nullable Long decimal(int index) {
    RawBytes value = value(index);
    if (value == null) {
      return null;
    }
    Long number = Numbers.decimal(value.array());
    return number == null ? unreadable(index, value, "a decimal number") : number;
  }

  /** Big-endian, exactly 4 bytes. */
  public @Nullable Integer int32(int index) {
    RawBytes value = value(index);
    if (value == null) {
      return null;
    }
    if (value.size() != Integer.BYTES) {
      unreadable(index, value, "4 bytes");
      return null;
    }
    return (int) Numbers.bigEndian(value.array());
  }

  /** Big-endian, exactly 8 bytes. */
  public @Nullable Long int64(int index) {
    RawBytes value = value(index);
    if (value == null) {
      return null;
    }
    return value.size() == Long.BYTES
        ? Long.valueOf(Numbers.bigEndian(value.array()))
        : unreadable(index, value, "8 bytes");
  }

  /** Minimal two's complement, big-endian, 1 to 8 bytes. */
  public @Nullable Long bigInteger(int index) {
    RawBytes value = value(index);
    if (value == null) {
      return null;
    }
    return value.size() >= 1 && value.size() <= Long.BYTES
        ? Long.valueOf(Numbers.bigEndian(value.array()))
        : unreadable(index, value, "1 to 8 bytes");
  }

  /** Names no value: a letter's warnings are shown to people who may not see its headers. */
  private @Nullable Long unreadable(int index, RawBytes value, String expected) {
    warnings.add(
        "header "
            + headers.get(index).name()
            + ": "
            + expected
            + " expected, found "
            + value.size()
            + " other bytes; ignored");
    return null;
  }
}
