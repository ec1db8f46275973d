// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import dev.redrive.config.BulkAction;
import dev.redrive.filter.LetterFilter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proofs that somebody was shown what a bulk action will do before they asked for it: good for one
 * caller, action and filter, until they expire. Every instance with the same secret takes them.
 * That a token is used once is for the ledger to see: it becomes the command's id.
 *
 * <p>Expiry (8 bytes), chance (8), check (16), base64url.
 */
final class ConfirmTokens {
  static final String PREFIX = "dlq_bulk_confirm_";

  private static final int BODY = 16;
  private static final int CHECK = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] secret;

  ConfirmTokens(byte[] secret) {
    this.secret = secret.clone();
  }

  String make(String caller, BulkAction action, LetterFilter filter, long expiresAt) {
    ByteBuffer token = ByteBuffer.allocate(BODY + CHECK);
    token.putLong(expiresAt).putLong(RANDOM.nextLong());
    token.put(check(token.array(), caller, action, filter), 0, CHECK);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(token.array());
  }

  boolean valid(String text, String caller, BulkAction action, LetterFilter filter, long now) {
    if (!text.startsWith(PREFIX)) {
      return false;
    }
    byte[] token;
    try {
      token = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (token.length != BODY + CHECK) {
      return false;
    }
    byte[] check = Arrays.copyOf(check(token, caller, action, filter), CHECK);
    return MessageDigest.isEqual(check, Arrays.copyOfRange(token, BODY, BODY + CHECK))
        && ByteBuffer.wrap(token).getLong() >= now;
  }

  /** Of what the filter says in its one order; {@link LetterFilter} sorts attributes and values. */
  private byte[] check(byte[] token, String caller, BulkAction action, LetterFilter filter) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(token, 0, BODY);
      for (String part : new String[] {caller, action.name(), filter.toString()}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        mac.update(bytes);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
    }
  }
}
