// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import dev.redrive.config.BulkAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What bulk requests may do.
 *
 * @param secret signs confirm tokens and hides places in lists; the same on all instances
 */
public record BulkPolicy(Set<BulkAction> allowed, List<Byte> secret) {

  public BulkPolicy {
    allowed = Set.copyOf(allowed);
    secret = List.copyOf(secret);
  }

  /**
   * A policy whose secret all instances know without being told.
   *
   * @param shared what all instances have and nobody else, such as the hashes of their keys; empty:
   *     the secret is this instance's alone
   */
  public static BulkPolicy of(
      Collection<BulkAction> allowed, String applicationId, List<String> shared) {
    List<String> secrets = shared.isEmpty() ? List.of(UUID.randomUUID().toString()) : shared;
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(applicationId.getBytes(StandardCharsets.UTF_8));
      secrets.stream()
          .sorted()
          .forEach(secret -> digest.update(("\n" + secret).getBytes(StandardCharsets.UTF_8)));
      List<Byte> signing = new ArrayList<>();
      for (byte each : digest.digest()) {
        signing.add(each);
      }
      return new BulkPolicy(Set.copyOf(allowed), signing);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  ConfirmTokens tokens() {
    return new ConfirmTokens(bytes());
  }

  /** What instances share hides places in lists too. */
  EventCursor cursors() {
    return new EventCursor(bytes());
  }

  private byte[] bytes() {
    byte[] bytes = new byte[secret.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = secret.get(i);
    }
    return bytes;
  }

  /** Nothing of the secret, so that no log can show it. */
  @Override
  public String toString() {
    return "BulkPolicy" + allowed;
  }
}
