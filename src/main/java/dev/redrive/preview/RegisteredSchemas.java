// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.preview.Preview.SchemaName;
import dev.redrive.preview.RegistryClient.SilentException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one schema from a registry, with the schemas that it refers to. */
final class RegisteredSchemas {
  private static final int MAX_REFERENCES = 50;
  private static final String SERIALIZED = "?format=serialized";

  private final RegistryClient client;
  private final long deadline;

  /** By the name under which others refer to them; what is referred to comes before who refers. */
  private final Map<String, String> references = new LinkedHashMap<>();

  private int asked;

  RegisteredSchemas(RegistryClient client, long deadline) {
    this.client = client;
    this.deadline = deadline;
  }

  Lookup.Found read(int id) throws SilentException, UnreadableDataException {
    String path = "/schemas/ids/" + id;
    JsonNode answer = client.get(path, deadline);
    String type = answer.path("schemaType").asText("AVRO");
    PayloadSchema schema =
        switch (type) {
          case "AVRO" -> {
            follow(answer, "");
            yield AvroSchema.parse(text(answer), List.copyOf(references.values()));
          }
          case "PROTOBUF" -> {
            JsonNode serialized = client.get(path + SERIALIZED, deadline);
            follow(serialized, SERIALIZED);
            yield ProtobufSchema.parse(text(serialized), references);
          }
          case "JSON" -> new JsonSchema();
          default -> throw new UnreadableDataException("its type is not AVRO, PROTOBUF or JSON");
        };
    return new Lookup.Found(new SchemaName(id, subjects(path)), schema);
  }

  private void follow(JsonNode schema, String format)
      throws SilentException, UnreadableDataException {
    for (JsonNode reference : schema.path("references")) {
      String name = reference.path("name").asText();
      if (references.containsKey(name)) {
        continue;
      }
      if (++asked > MAX_REFERENCES) {
        throw new UnreadableDataException("it refers to more than " + MAX_REFERENCES + " schemas");
      }
      JsonNode referred =
          client.get(
              "/subjects/"
                  + URLEncoder.encode(reference.path("subject").asText(), StandardCharsets.UTF_8)
                      .replace("+", "%20")
                  + "/versions/"
                  + reference.path("version").asInt()
                  + format,
              deadline);
      follow(referred, format);
      references.put(name, text(referred));
    }
  }

  /** Only for people, so it is not worth failing for. */
  private List<String> subjects(String path) throws SilentException {
    List<String> subjects = new ArrayList<>();
    try {
      client.get(path + "/subjects", deadline).forEach(subject -> subjects.add(subject.asText()));
    } catch (UnreadableDataException e) {
      return List.of();
    }
    return subjects;
  }

  private static String text(JsonNode answer) throws UnreadableDataException {
    JsonNode schema = answer.path("schema");
    if (!schema.isTextual()) {
      throw new UnreadableDataException("the registry's answer holds no schema");
    }
    return schema.textValue();
  }
}
