// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.dialect.Replays;
import dev.redrive.letter.Letter;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.preview.Preview.Format;
import dev.redrive.preview.Preview.SchemaName;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Payloads in a form that can be read, masked for those who may not see through masks. */
public final class Previews {
  private static final int HEX_BYTES = 512;

  private final Masks masks;
  private final SchemaRegistry registry;

  public Previews(Masks masks, SchemaRegistry registry) {
    this.masks = masks;
    this.registry = registry;
  }

  /** What is hidden. */
  public Masks masks() {
    return masks;
  }

  /**
   * The preview of a payload that its own bytes do not show, from what is remembered of the
   * registry; never waits. Empty: there is none, and the payload's bytes are shown as they are.
   *
   * @param letter as it is stored
   */
  public Optional<JsonNode> remembered(Letter letter, boolean reveals) {
    RawBytes value = value(letter);
    FramedPayload framed = value == null ? null : FramedPayload.of(value).orElse(null);
    if (framed == null) {
      return Optional.empty();
    }
    return registry
        .remembered(framed.schemaId())
        .flatMap(lookup -> decoded(lookup, framed, letter, reveals, new ArrayList<>()))
        .map(Preview::value);
  }

  /**
   * The preview of a payload; waits for the registry, but no longer than its time-out.
   *
   * @param letter as it is stored
   */
  public Preview of(Letter letter, boolean reveals) {
    RawBytes stored = value(letter);
    if (stored == null) {
      return new Preview(Format.NONE, null, null, null, List.of());
    }
    List<String> tried = new ArrayList<>();
    Optional<FramedPayload> framed = FramedPayload.of(stored);
    if (framed.isPresent()) {
      Lookup lookup = registry.lookUp(framed.get().schemaId());
      Optional<Preview> decoded = decoded(lookup, framed.get(), letter, reveals, tried);
      if (decoded.isPresent()) {
        return decoded.get();
      }
    } else {
      tried.add("Confluent wire format: it does not begin with a zero byte and a schema's id");
    }
    Seen seen = masks.seen(letter, reveals);
    if (seen.hidden() != null) {
      tried.add(seen.hidden());
      return new Preview(Format.HIDDEN, null, null, null, tried);
    }
    RawRecord shown = seen.payload();
    return plain(shown == null || shown.value() == null ? RawBytes.EMPTY : shown.value(), tried);
  }

  private Optional<Preview> decoded(
      Lookup lookup, FramedPayload framed, Letter letter, boolean reveals, List<String> tried) {
    String about = "schema " + framed.schemaId() + ": ";
    if (lookup instanceof Lookup.Missing missing) {
      tried.add(about + missing.why());
      return Optional.empty();
    }
    Lookup.Found found = (Lookup.Found) lookup;
    SchemaName name = found.name();
    try {
      String json = found.schema().json(framed.data().duplicate());
      JsonNode value = tree(reveals ? json : masked(letter, json));
      return Optional.of(new Preview(found.schema().format(), name, value, null, tried));
    } catch (UnreadableDataException e) {
      tried.add(about + e.why());
      return Optional.empty();
    }
  }

  private String masked(Letter letter, String json) throws UnreadableDataException {
    MaskRules rules = masks.rules(letter.head().facts().pipelineId());
    return new DetailMask(rules)
        .json(json)
        .orElseThrow(() -> new UnreadableDataException("masks can't be put on what it says"));
  }

  private static JsonNode tree(String json) throws UnreadableDataException {
    try {
      return Payload.TREE.readTree(json);
    } catch (JsonProcessingException e) {
      throw new UnreadableDataException("the data is not JSON");
    }
  }

  private static Preview plain(RawBytes value, List<String> tried) {
    Optional<String> text = Payload.utf8(value).filter(Previews::printable);
    if (text.isEmpty()) {
      tried.add("text: its bytes are no printable UTF-8");
      int shown = Math.min(value.size(), HEX_BYTES);
      return new Preview(
          Format.BINARY, null, null, HexFormat.of().formatHex(value.array(), 0, shown), tried);
    }
    try {
      if (!Payload.TREE.readTree(text.get()).isMissingNode()) {
        return new Preview(Format.JSON, null, null, null, List.of());
      }
    } catch (JsonProcessingException e) {
      // It is text.
    }
    tried.add("JSON: it is not one JSON value");
    return new Preview(Format.TEXT, null, null, null, tried);
  }

  private static boolean printable(String text) {
    return text.chars().noneMatch(c -> c < ' ' && c != '\t' && c != '\n' && c != '\r');
  }

  private static @Nullable RawBytes value(Letter letter) {
    return Replays.payload(letter.detail()).map(RawRecord::value).orElse(null);
  }
}
