// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The id of a letter: the first 128 bits of SHA-256 over the length-prefixed pipeline id and the
 * length-prefixed record id, so that the same record failing again finds the same letter without a
 * look-up table.
 *
 * <p>Written {@code dlq_} and 26 characters of lower-case Crockford base32. The pipelines family
 * writes {@code pdl_}; both prefixes are read everywhere.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record LetterId(long high, long low) implements Comparable<LetterId> {
  public static final String PREFIX = "dlq_";
  public static final String PIPELINES_PREFIX = "pdl_";

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int BODY = 26;
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(LetterId::newDigest);

  public static LetterId of(String pipelineId, String recordId) {
    MessageDigest digest = SHA256.get();
    update(digest, pipelineId.getBytes(StandardCharsets.UTF_8));
    update(digest, recordId.getBytes(StandardCharsets.UTF_8));
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    return new LetterId(hash.getLong(), hash.getLong());
  }

  /** Empty where the text is no letter id, whichever prefix it has. */
  public static Optional<LetterId> parse(String text) {
    if (text.length() != PREFIX.length() + BODY
        || !(text.startsWith(PREFIX) || text.startsWith(PIPELINES_PREFIX))) {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = 0; i < BODY; i++) {
      int digit = ALPHABET.indexOf(text.charAt(PREFIX.length() + i));
      // 26 characters hold 130 bits; the two that are too many must be zero, or two texts would be
      // one id.
      if (digit < 0 || (i == 0 && digit > 7)) {
        return Optional.empty();
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | digit;
    }
    return Optional.of(new LetterId(high, low));
  }

  /** The 26 characters without a prefix. */
  public String body() {
    char[] text = new char[BODY];
    long h = high;
    long l = low;
    for (int i = BODY - 1; i >= 0; i--) {
      text[i] = ALPHABET.charAt((int) (l & 31));
      l = (l >>> 5) | (h << 59);
      h >>>= 5;
    }
    return new String(text);
  }

  /** As the pipelines family shows it. */
  public String pipelinesText() {
    return PIPELINES_PREFIX + body();
  }

  /** Unsigned order of the bits, which is also the order of the texts and of the stored bytes. */
  @Override
  public int compareTo(LetterId other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  @Override
  public String toString() {
    return PREFIX + body();
  }

  private static void update(MessageDigest digest, byte[] part) {
    digest.update((byte) (part.length >>> 24));
    digest.update((byte) (part.length >>> 16));
    digest.update((byte) (part.length >>> 8));
    digest.update((byte) part.length);
    digest.update(part);
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
