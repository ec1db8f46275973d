// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Protobuf file; the data says which of its messages it is, by the path of its position there.
 */
record ProtobufSchema(FileDescriptor file) implements PayloadSchema {
  private static final int MAX_PATH = 20;

  /** Registries do not keep what every Protobuf library has. */
  private static final Map<String, FileDescriptor> WELL_KNOWN = wellKnown();

  /**
   * Reads a schema.
   *
   * @param serialized a file descriptor in base64
   * @param references the same of the files that it imports, by name, those that they import first
   */
  static ProtobufSchema parse(String serialized, Map<String, String> references)
      throws UnreadableDataException {
    Map<String, FileDescriptor> files = new HashMap<>(WELL_KNOWN);
    for (Map.Entry<String, String> reference : references.entrySet()) {
      files.put(reference.getKey(), file(reference.getValue(), files));
    }
    return new ProtobufSchema(file(serialized, files));
  }

  private static FileDescriptor file(String serialized, Map<String, FileDescriptor> known)
      throws UnreadableDataException {
    try {
      FileDescriptorProto proto =
          FileDescriptorProto.parseFrom(Base64.getDecoder().decode(serialized));
      FileDescriptor[] imports =
          proto.getDependencyList().stream()
              .filter(known::containsKey)
              .map(known::get)
              .toArray(FileDescriptor[]::new);
      return FileDescriptor.buildFrom(proto, imports, true);
    } catch (IOException | DescriptorValidationException | RuntimeException e) {
      throw new UnreadableDataException("the registry's answer is no Protobuf file descriptor");
    }
  }

  @Override
  public Preview.Format format() {
    return Preview.Format.PROTOBUF;
  }

  @Override
  public String json(ByteBuffer data) throws UnreadableDataException {
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(
              data.array(), data.arrayOffset() + data.position(), data.remaining());
      DynamicMessage message = DynamicMessage.parseFrom(message(path(in)), in);
      return JsonFormat.printer()
          .preservingProtoFieldNames()
          .omittingInsignificantWhitespace()
          .print(message);
    } catch (IOException | IllegalArgumentException e) {
      // Their messages may repeat data.
      throw new UnreadableDataException("the data is not of this schema");
    }
  }

  /** Zig-zag numbers: how many, then each; none stands for the first message. */
  private static List<Integer> path(CodedInputStream in)
      throws IOException, UnreadableDataException {
    int count = in.readSInt32();
    if (count < 0 || count > MAX_PATH) {
      throw new UnreadableDataException("the data begins with no message index of Protobuf");
    }
    List<Integer> path = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      path.add(in.readSInt32());
    }
    return path.isEmpty() ? List.of(0) : path;
  }

  private Descriptor message(List<Integer> path) throws UnreadableDataException {
    List<Descriptor> level = file.getMessageTypes();
    Descriptor found = null;
    for (int index : path) {
      if (index < 0 || index >= level.size()) {
        throw new UnreadableDataException("the schema has no message at the data's index");
      }
      found = level.get(index);
      level = found.getNestedTypes();
    }
    if (found == null) {
      throw new UnreadableDataException("the schema has no message at the data's index");
    }
    return found;
  }

  private static Map<String, FileDescriptor> wellKnown() {
    Map<String, FileDescriptor> files = new HashMap<>();
    for (FileDescriptor file :
        List.of(
            com.google.protobuf.AnyProto.getDescriptor(),
            com.google.protobuf.ApiProto.getDescriptor(),
            com.google.protobuf.DescriptorProtos.getDescriptor(),
            com.google.protobuf.DurationProto.getDescriptor(),
            com.google.protobuf.EmptyProto.getDescriptor(),
            com.google.protobuf.FieldMaskProto.getDescriptor(),
            com.google.protobuf.SourceContextProto.getDescriptor(),
            com.google.protobuf.StructProto.getDescriptor(),
            com.google.protobuf.TimestampProto.getDescriptor(),
            com.google.protobuf.TypeProto.getDescriptor(),
            com.google.protobuf.WrappersProto.getDescriptor())) {
      files.put(file.getName(), file);
    }
    return Map.copyOf(files);
  }
}
