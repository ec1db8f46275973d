// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/** An Avro schema. */
record AvroSchema(Schema schema) implements PayloadSchema {

  /**
   * Reads a schema.
   *
   * @param references the schemas that it names, those that they name themselves first
   */
  static AvroSchema parse(String text, List<String> references) throws UnreadableDataException {
    try {
      Schema.Parser parser = new Schema.Parser();
      references.forEach(parser::parse);
      return new AvroSchema(parser.parse(text));
    } catch (AvroRuntimeException | StackOverflowError e) {
      throw new UnreadableDataException("the registry's answer is no Avro schema");
    }
  }

  @Override
  public Preview.Format format() {
    return Preview.Format.AVRO;
  }

  @Override
  public String json(ByteBuffer data) throws UnreadableDataException {
    return new AvroReading(data).json(schema);
  }
}
