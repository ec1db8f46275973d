// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import dev.redrive.http.Problem;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where a page of events ended: an offset for each partition, as text that any instance reads. It
 * is encrypted, since offsets would tell a key of one pipeline how much happens in the others.
 *
 * <p>Chance (12 bytes), then AES-GCM over partition (4) and offset (8) of each, base64url.
 */
final class EventCursor {
  private static final int ONE = Integer.BYTES + Long.BYTES;
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;

  /**
   * @param secret the same on all instances, 32 bytes
   */
  EventCursor(byte[] secret) {
    this.key = new SecretKeySpec(secret, "AES");
  }

  String write(SortedMap<Integer, Long> below) {
    ByteBuffer plain = ByteBuffer.allocate(ONE * below.size());
    below.forEach((partition, offset) -> plain.putInt(partition).putLong(offset));
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] hidden = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain.array());
      byte[] all = ByteBuffer.allocate(NONCE + hidden.length).put(nonce).put(hidden).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /**
   * The offsets.
   *
   * @throws Problem 400 where the text is no cursor
   */
  Map<Integer, Long> read(String cursor) {
    try {
      ByteBuffer all = ByteBuffer.wrap(Base64.getUrlDecoder().decode(cursor));
      byte[] nonce = new byte[NONCE];
      all.get(nonce);
      byte[] hidden = new byte[all.remaining()];
      all.get(hidden);
      if (hidden.length < TAG_BITS / Byte.SIZE) {
        // What is shorter than a tag makes a JDK throw what is no GeneralSecurityException.
        throw unknown();
      }
      ByteBuffer plain = ByteBuffer.wrap(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(hidden));
      Map<Integer, Long> below = new TreeMap<>();
      while (plain.hasRemaining()) {
        below.put(plain.getInt(), plain.getLong());
      }
      return below;
    } catch (IllegalArgumentException | BufferUnderflowException | GeneralSecurityException e) {
      throw unknown();
    }
  }

  private static Problem unknown() {
    return Problem.field("cursor", "is not one of this list; start without it");
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
