// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.filter.LetterFilter;
import dev.redrive.query.Cursor;
import dev.redrive.query.Walk;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where lists of letters go on, as their callers get it. A page that was given up early ends at a
 * letter that it did not show, so for a key that sees some pipelines only the place is encrypted:
 * it would tell of a letter of another.
 *
 * <p>Chance (12 bytes), then AES-GCM over the cursor, base64url.
 */
public final class Places {
  private static final String SECRET = "redrive.places";
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Places() {}

  static void enter(Context request, String secret) {
    request.attribute(SECRET, secret);
  }

  /** The text of a walk that has a position. */
  public static String write(Context request, Walk walk, LetterFilter filter) {
    String cursor = Cursor.write(walk, filter);
    if (!Caller.of(request).restricted()) {
      return cursor;
    }
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] plain = Base64.getUrlDecoder().decode(cursor);
      byte[] hidden = cipher(request, Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      return text(ByteBuffer.allocate(NONCE + hidden.length).put(nonce).put(hidden).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Empty where the text is no cursor, or one of a list with other filters or another caller's. */
  public static Optional<Walk> read(Context request, String text, LetterFilter filter) {
    if (!Caller.of(request).restricted()) {
      return Cursor.read(text, filter);
    }
    try {
      byte[] all = Base64.getUrlDecoder().decode(text);
      if (all.length < NONCE + TAG_BITS / Byte.SIZE) {
        // What is shorter than a tag makes a JDK throw what is no GeneralSecurityException.
        return Optional.empty();
      }
      byte[] nonce = new byte[NONCE];
      System.arraycopy(all, 0, nonce, 0, NONCE);
      byte[] plain =
          cipher(request, Cipher.DECRYPT_MODE, nonce).doFinal(all, NONCE, all.length - NONCE);
      return Cursor.read(text(plain), filter);
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(Context request, int mode, byte[] nonce)
      throws GeneralSecurityException {
    String secret = Objects.requireNonNull(request.attribute(SECRET), "secret");
    SecretKeySpec key = new SecretKeySpec(HexFormat.of().parseHex(secret), "AES");
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
