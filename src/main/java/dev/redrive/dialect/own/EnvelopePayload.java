// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.own;

import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.dialect.header.Texts;
import dev.redrive.dialect.own.EnvelopeRecord.Payload;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the fields of an envelope that make the record that failed. A field that is null counts
 * as not there, since serialisers write null for what is not set; only {@code value} alone may be
 * null, and is then a tombstone.
 */
final class EnvelopePayload {
  private final String path;
  private boolean hasKey;
  private @Nullable RawBytes key;
  private boolean hasNullValue;
  private int nullOthers;
  private int given;
  private @Nullable RawBytes value;
  private @Nullable List<Header> headers;

  EnvelopePayload(String path) {
    this.path = path;
  }

  void key(@Nullable String base64, String where) throws BrokenEnvelopeException {
    hasKey = true;
    key = base64(base64, where);
  }

  void value(@Nullable String base64, String where) throws BrokenEnvelopeException {
    hasNullValue |= base64 == null;
    give(base64(base64, where));
  }

  void text(@Nullable String text, String where) throws BrokenEnvelopeException {
    if (text != null && !Texts.isWellFormed(text)) {
      throw new BrokenEnvelopeException(where, "half a surrogate pair, which no bytes stand for");
    }
    nullOthers += text == null ? 1 : 0;
    give(text == null ? null : RawBytes.utf8(text));
  }

  void json(@Nullable RawBytes json) {
    nullOthers += json == null ? 1 : 0;
    give(json);
  }

  void headers(@Nullable List<Header> all) {
    headers = all;
  }

  private void give(@Nullable RawBytes bytes) {
    if (bytes != null) {
      given++;
      value = bytes;
    }
  }

  Payload build() throws BrokenEnvelopeException {
    if (given > 1) {
      throw new BrokenEnvelopeException(
          path, "more than one of value, payload and payload_text (or one of them twice)");
    }
    boolean tombstone = hasNullValue && given == 0 && nullOthers == 0;
    return new Payload(hasKey, key, given == 1 || tombstone, value, headers);
  }

  static @Nullable RawBytes base64(@Nullable String text, String where)
      throws BrokenEnvelopeException {
    if (text == null) {
      return null;
    }
    try {
      return RawBytes.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new BrokenEnvelopeException(where, "no base64");
    }
  }
}
