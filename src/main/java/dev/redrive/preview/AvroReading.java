// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * Writes Avro data as JSON while it reads it. Avro's own reader builds everything first, and a few
 * hostile bytes can ask it for gigabytes: an array of a billion nulls takes six. Here depth, values
 * and lengths are bounded.
 */
final class AvroReading {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_VALUES = 500_000;

  private final int size;
  private final BinaryDecoder in;
  private int values;

  AvroReading(ByteBuffer data) {
    this.size = data.remaining();
    this.in =
        DecoderFactory.get()
            .binaryDecoder(data.array(), data.arrayOffset() + data.position(), size, null);
  }

  String json(Schema schema) throws UnreadableDataException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Payload.JSON.createGenerator(text)) {
      write(schema, out, 0);
      if (!in.isEnd()) {
        throw new UnreadableDataException("bytes are left over after the schema's fields");
      }
    } catch (IOException
        | AvroRuntimeException
        | UnsupportedOperationException
        | DateTimeException
        | ArithmeticException e) {
      // Avro takes a count that is too large for an operation that it does not have. Their messages
      // may repeat data.
      throw new UnreadableDataException("the data is not of this schema");
    }
    return text.toString();
  }

  private void write(Schema schema, JsonGenerator out, int depth)
      throws IOException, UnreadableDataException {
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
      throw new UnreadableDataException("it nests too deep or has too many values to show");
    }
    switch (schema.getType()) {
      case RECORD -> fields(schema, out, depth);
      case ARRAY -> elements(schema, out, depth);
      case MAP -> entries(schema, out, depth);
      case UNION -> write(schema.getTypes().get(index(schema.getTypes().size())), out, depth + 1);
      case ENUM ->
          out.writeString(schema.getEnumSymbols().get(index(schema.getEnumSymbols().size())));
      case STRING -> out.writeString(new String(bytes(length()), StandardCharsets.UTF_8));
      case BYTES -> bytes(schema, bytes(length()), out);
      case FIXED -> bytes(schema, bytes(schema.getFixedSize()), out);
      case INT -> number(schema, in.readInt(), out);
      case LONG -> number(schema, in.readLong(), out);
      case FLOAT -> out.writeNumber(in.readFloat());
      case DOUBLE -> out.writeNumber(in.readDouble());
      case BOOLEAN -> out.writeBoolean(in.readBoolean());
      case NULL -> out.writeNull();
    }
  }

  private void fields(Schema schema, JsonGenerator out, int depth)
      throws IOException, UnreadableDataException {
    out.writeStartObject();
    for (Schema.Field field : schema.getFields()) {
      out.writeFieldName(field.name());
      write(field.schema(), out, depth + 1);
    }
    out.writeEndObject();
  }

  private void elements(Schema schema, JsonGenerator out, int depth)
      throws IOException, UnreadableDataException {
    out.writeStartArray();
    for (long block = in.readArrayStart(); block > 0; block = in.arrayNext()) {
      for (long i = 0; i < block; i++) {
        write(schema.getElementType(), out, depth + 1);
      }
    }
    out.writeEndArray();
  }

  private void entries(Schema schema, JsonGenerator out, int depth)
      throws IOException, UnreadableDataException {
    out.writeStartObject();
    for (long block = in.readMapStart(); block > 0; block = in.mapNext()) {
      for (long i = 0; i < block; i++) {
        out.writeFieldName(new String(bytes(length()), StandardCharsets.UTF_8));
        write(schema.getValueType(), out, depth + 1);
      }
    }
    out.writeEndObject();
  }

  private int index(int count) throws IOException {
    int index = in.readInt();
    if (index < 0 || index >= count) {
      throw new IOException("index");
    }
    return index;
  }

  /** Never longer than the data is: the length is asked for before the bytes are there. */
  private int length() throws IOException {
    long length = in.readLong();
    if (length < 0 || length > size) {
      throw new IOException("length");
    }
    return (int) length;
  }

  private byte[] bytes(int length) throws IOException {
    if (length > size) {
      throw new IOException("length");
    }
    byte[] bytes = new byte[length];
    in.readFixed(bytes);
    return bytes;
  }

  private static void bytes(Schema schema, byte[] bytes, JsonGenerator out) throws IOException {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal && bytes.length > 0) {
      out.writeNumber(new BigDecimal(new BigInteger(bytes), decimal.getScale()));
    } else {
      out.writeString(Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static void number(Schema schema, long number, JsonGenerator out) throws IOException {
    LogicalType type = schema.getLogicalType();
    if (type instanceof LogicalTypes.Date) {
      out.writeString(LocalDate.ofEpochDay(number).toString());
    } else if (type instanceof LogicalTypes.TimestampMillis) {
      out.writeString(Instant.ofEpochMilli(number).toString());
    } else if (type instanceof LogicalTypes.TimestampMicros) {
      out.writeString(Instant.EPOCH.plus(number, ChronoUnit.MICROS).toString());
    } else {
      out.writeNumber(number);
    }
  }
}
