// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.redrive.config.MaskPath;
import dev.redrive.config.MaskPath.Anywhere;
import dev.redrive.config.MaskPath.Each;
import dev.redrive.config.MaskPath.Name;
import dev.redrive.config.MaskPath.Step;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Hides places in a JSON text and leaves every other character as it was, so that a search finds in
 * the masked text what it would have found beside the hidden places.
 */
final class JsonMask {
  private static final String HIDDEN = '"' + MaskRules.MASK + '"';

  private final String json;
  private final JsonParser parser;
  private final UnaryOperator<String> clean;
  private final Consumer<String> hidden;
  private final StringBuilder masked = new StringBuilder();

  /** What of the text is already in {@link #masked}. */
  private int done;

  private JsonMask(
      String json, JsonParser parser, UnaryOperator<String> clean, Consumer<String> hidden) {
    this.json = json;
    this.parser = parser;
    this.clean = clean;
    this.hidden = hidden;
  }

  /**
   * The text masked; empty where it is not one JSON value, so that nobody can say where the rules'
   * places are in it.
   *
   * @param clean what becomes of a scalar that no path hides
   * @param hidden takes every scalar that a path hides
   */
  static Optional<String> mask(
      String json, List<MaskPath> paths, UnaryOperator<String> clean, Consumer<String> hidden) {
    try (JsonParser parser = Payload.JSON.createParser(json)) {
      JsonMask mask = new JsonMask(json, parser, clean, hidden);
      if (parser.nextToken() == null) {
        return Optional.empty();
      }
      Set<Place> places = new LinkedHashSet<>();
      paths.forEach(path -> places.add(new Place(path, 0)));
      mask.value(places);
      return parser.nextToken() == null
          ? Optional.of(mask.masked.append(json, mask.done, json.length()).toString())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** How far a path has been followed. */
  private record Place(MaskPath path, int step) {
    boolean reached() {
      return step == path.steps().size();
    }

    void into(String field, Set<Place> places) {
      Step next = path.steps().get(step);
      boolean found =
          next instanceof Each
              || (next instanceof Name name && name.name().equals(field))
              || (next instanceof Anywhere anywhere && anywhere.name().equals(field));
      stay(next, places);
      if (found) {
        places.add(new Place(path, step + 1));
      }
    }

    void intoElement(Set<Place> places) {
      Step next = path.steps().get(step);
      stay(next, places);
      if (next instanceof Each) {
        places.add(new Place(path, step + 1));
      }
    }

    private void stay(Step next, Set<Place> places) {
      if (next instanceof Anywhere) {
        places.add(this);
      }
    }
  }

  private void value(Set<Place> places) throws IOException {
    if (places.stream().anyMatch(Place::reached)) {
      hide();
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      fields(places);
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      elements(places);
    } else {
      scalar();
    }
  }

  private void fields(Set<Place> places) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      Set<Place> inside = new LinkedHashSet<>();
      places.forEach(place -> place.into(name, inside));
      parser.nextToken();
      value(inside);
    }
  }

  private void elements(Set<Place> places) throws IOException {
    Set<Place> inside = new LinkedHashSet<>();
    places.forEach(place -> place.intoElement(inside));
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      value(inside);
    }
  }

  private void hide() throws IOException {
    int start = start();
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
        hidden.accept(parser.getText());
      }
    } while (depth > 0 && parser.nextToken() != null);
    replace(start, HIDDEN);
  }

  private void scalar() throws IOException {
    int start = start();
    String text = parser.getText();
    String cleaned = clean.apply(text);
    if (!cleaned.equals(text)) {
      replace(
          start, '"' + new String(JsonStringEncoder.getInstance().quoteAsString(cleaned)) + '"');
    }
  }

  private int start() {
    return (int) parser.currentTokenLocation().getCharOffset();
  }

  private void replace(int start, String with) throws IOException {
    parser.finishToken();
    masked.append(json, done, start).append(with);
    done = (int) parser.currentLocation().getCharOffset();
  }
}
