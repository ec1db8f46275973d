// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a convention tells beyond the fields that every letter has, as the JSON object of texts that
 * a letter's metadata is. Bounded, since the ledger keeps it: a record with 10,000 host headers
 * must not cost a letter its payload.
 */
public final class MetadataText {
  static final int MAX_ENTRIES = 100;
  static final int MAX_LENGTH = 1_000;

  private final Map<String, String> entries = new LinkedHashMap<>();
  private final Warnings warnings;

  public MetadataText(Warnings warnings) {
    this.warnings = warnings;
  }

  /** Under this name, unless it was not told. */
  public MetadataText put(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return this;
    }
    if (entries.size() == MAX_ENTRIES && !entries.containsKey(name)) {
      warnings.add("more than " + MAX_ENTRIES + " entries of metadata; the rest ignored");
      return this;
    }
    entries.put(name, Texts.cut(text, MAX_LENGTH));
    return this;
  }

  /** Every header whose name starts so, under its whole name. */
  public MetadataText headers(HeaderScan scan, String prefix) {
    for (Header header : scan.headers()) {
      RawBytes value = header.value();
      if (value != null && header.name().startsWith(prefix)) {
        put(header.name(), value.text());
      }
    }
    return this;
  }

  /** Null where nothing was told. */
  public @Nullable String json() {
    if (entries.isEmpty()) {
      return null;
    }
    StringBuilder json = new StringBuilder("{");
    entries.forEach(
        (name, value) -> {
          json.append(json.length() == 1 ? "" : ",");
          quote(json, name);
          json.append(':');
          quote(json, value);
        });
    return json.append('}').toString();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
