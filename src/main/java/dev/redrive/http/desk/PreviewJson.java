// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.preview.Preview;
import dev.redrive.preview.Preview.SchemaName;
import java.util.Locale;

/** What a payload is, and its decoded form. Every field is always there; null: unknown. */
final class PreviewJson {
  private PreviewJson() {}

  static ObjectNode write(Preview preview) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", preview.format().name().toLowerCase(Locale.ROOT));
    SchemaName schema = preview.schema();
    if (schema == null) {
      json.putNull("schema");
    } else {
      var subjects = json.putObject("schema").put("id", schema.id()).putArray("subjects");
      schema.subjects().forEach(subjects::add);
    }
    json.set("value", preview.value());
    json.put("hex", preview.hex());
    var tried = json.putArray("tried");
    preview.tried().forEach(tried::add);
    return json;
  }
}
