// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Bytes as text that only an instance with the same secret reads, and that nobody else can make.
 *
 * <p>Chance (12 bytes), then AES-GCM over the bytes, base64url.
 */
public final class HiddenText {
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKeySpec key;

  /**
   * @param secret 32 bytes
   */
  public HiddenText(byte[] secret) {
    this.key = new SecretKeySpec(secret, "AES");
  }

  public String hide(byte[] plain) {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      byte[] hidden = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
      byte[] all = ByteBuffer.allocate(NONCE + hidden.length).put(nonce).put(hidden).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** Empty where the text was not made with this secret. */
  public Optional<byte[]> read(String text) {
    try {
      ByteBuffer all = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (all.remaining() < NONCE + TAG_BITS / Byte.SIZE) {
        // What is shorter than a tag makes a JDK throw what is no GeneralSecurityException.
        return Optional.empty();
      }
      byte[] nonce = new byte[NONCE];
      all.get(nonce);
      byte[] hidden = new byte[all.remaining()];
      all.get(hidden);
      return Optional.of(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(hidden));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
