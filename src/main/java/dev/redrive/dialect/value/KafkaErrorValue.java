// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.value;

import dev.redrive.dialect.convention.BrokenEnvelopeException;
import dev.redrive.letter.RawBytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * kstreamplify's {@code KafkaError} in Avro, as its serializer writes it: a zero, the schema's
 * number, the fields in the order of {@code kafka-error.avsc}. Later versions only added fields at
 * the end, so no registry needs to be asked; what an older one lacks is null.
 *
 * @param value printed
 * @param byteValue the bytes, where they could not be deserialised
 */
record KafkaErrorValue(
    @Nullable String cause,
    @Nullable String contextMessage,
    @Nullable String stack,
    @Nullable String value,
    @Nullable RawBytes byteValue,
    long offset,
    long partition,
    @Nullable String topic,
    @Nullable String applicationId,
    @Nullable String processorNodeId,
    @Nullable String taskId,
    @Nullable RawBytes sourceRawKey,
    @Nullable RawBytes sourceRawValue) {
  /** A zero byte and the schema's number. */
  private static final int PREFIX = 5;

  private static final int MOST_BITS = 63;

  /**
   * The value's fields.
   *
   * @throws BrokenEnvelopeException where it is no such value
   */
  static KafkaErrorValue of(@Nullable RawBytes value) throws BrokenEnvelopeException {
    if (value == null || value.size() <= PREFIX || value.array()[0] != 0) {
      throw new BrokenEnvelopeException("value", "Avro with the number of its schema expected");
    }
    Reader in = new Reader(ByteBuffer.wrap(value.array(), PREFIX, value.size() - PREFIX));
    try {
      KafkaErrorValue error =
          new KafkaErrorValue(
              in.optionalText(),
              in.optionalText(),
              in.optionalText(),
              in.optionalText(),
              in.optionalBytes(),
              in.number(),
              in.number(),
              in.bytes().text(),
              in.addedText(),
              in.addedText(),
              in.addedText(),
              in.addedBytes(),
              in.addedBytes());
      if (in.buffer.hasRemaining()) {
        throw new BrokenEnvelopeException("value", "more than the fields of a KafkaError");
      }
      return error;
    } catch (BufferUnderflowException e) {
      throw new BrokenEnvelopeException("value", "it ends within the fields of a KafkaError");
    }
  }

  /** Avro's binary encoding, as far as this record needs it. */
  private record Reader(ByteBuffer buffer) {

    /** Zigzag, seven bits a byte, the lowest first. */
    long number() throws BrokenEnvelopeException {
      long number = 0;
      for (int shift = 0; shift <= MOST_BITS; shift += 7) {
        byte next = buffer.get();
        number |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return (number >>> 1) ^ -(number & 1);
        }
      }
      throw new BrokenEnvelopeException("value", "a number of more than 64 bits");
    }

    RawBytes bytes() throws BrokenEnvelopeException {
      long length = number();
      if (length < 0 || length > buffer.remaining()) {
        throw new BrokenEnvelopeException("value", "a field that is longer than the value");
      }
      byte[] bytes = new byte[(int) length];
      buffer.get(bytes);
      return RawBytes.of(bytes);
    }

    /** A union of null and something. */
    @Nullable RawBytes optionalBytes() throws BrokenEnvelopeException {
      long branch = number();
      if (branch != 0 && branch != 1) {
        throw new BrokenEnvelopeException("value", "not a KafkaError");
      }
      return branch == 0 ? null : bytes();
    }

    @Nullable String optionalText() throws BrokenEnvelopeException {
      RawBytes bytes = optionalBytes();
      return bytes == null ? null : bytes.text();
    }

    @Nullable RawBytes addedBytes() throws BrokenEnvelopeException {
      return buffer.hasRemaining() ? optionalBytes() : null;
    }

    @Nullable String addedText() throws BrokenEnvelopeException {
      return buffer.hasRemaining() ? optionalText() : null;
    }
  }
}
