// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import java.util.UUID;

/**
 * The proof that this task still owns its partition: a nonce sent to its own control partition and
 * read back.
 *
 * <p>Kafka fences a transaction only by the offsets that it commits, and a task that has read
 * nothing since its init commits none. A paused instance that lost the partition would wake up and
 * let its punctuation write once more, unfenced: replays sent twice. So until the nonce was read,
 * no punctuation writes anything but the nonce itself.
 */
class Hello {
  private final String nonce = UUID.randomUUID().toString();
  private boolean sent;
  private boolean heard;

  String nonce() {
    return nonce;
  }

  /** True once: the nonce has to be sent now. */
  boolean send() {
    boolean first = !sent;
    sent = true;
    return first;
  }

  void read(String other) {
    heard |= nonce.equals(other);
  }

  boolean heard() {
    return heard;
  }
}
