// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The SHA-256 of an API key. The key itself is known to its holder only.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record KeyHash(String hex) {

  public KeyHash {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not 64 hexadecimal digits");
    }
  }

  /** Reads 64 hexadecimal digits of either case. */
  public static KeyHash parse(String hex) {
    return new KeyHash(hex.toLowerCase(Locale.ROOT));
  }

  /** Hashes a key. */
  public static KeyHash of(String key) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return new KeyHash(
          HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.UTF_8))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether this is the hash of the key; takes the same time wherever they differ. */
  public boolean matches(String key) {
    return MessageDigest.isEqual(
        hex.getBytes(StandardCharsets.US_ASCII), of(key).hex.getBytes(StandardCharsets.US_ASCII));
  }

  /** Nothing of it, so that no log can show it. */
  @Override
  public String toString() {
    return "***";
  }
}
