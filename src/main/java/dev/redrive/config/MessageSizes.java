// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

/** What the payload limit means for Kafka's own limits. */
public final class MessageSizes {

  /** What brokers take if nobody says otherwise. */
  public static final int KAFKA_DEFAULT = 1_048_588;

  /** Room for what Redrive adds: ids, coordinates, headers, the record batch around it. */
  private static final long ROOM = 64 * 1024;

  /** What a failure takes of which everything is cut, whatever the payload limit. */
  private static final long LEAST = 96 * 1024;

  private MessageSizes() {}

  /**
   * Bytes that {@code max.request.size} of the producer and {@code max.message.bytes} of Redrive's
   * topics must allow, so that a record of the payload limit is kept whole and replayed. A quarter
   * more than the payload, since what was read off its headers is kept beside them.
   */
  public static int needed(Settings settings) {
    long payload = settings.limits().payload().bytes();
    return Math.toIntExact(Math.max(LEAST, payload + payload / 4 + ROOM));
  }
}
