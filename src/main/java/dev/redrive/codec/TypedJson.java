// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.letter.RawBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON, by their types alone: records by the names of their components, sealed interfaces
 * by the simple name of the record, enums by name, {@link JsonNode} as it is, bytes in base64, and
 * collections, maps and {@link Optional} of them. So whatever is made of records travels without
 * code of its own.
 *
 * <p>Two versions of Redrive understand each other where one has a component more: what is not
 * known is skipped, and what is absent is empty, zero or null; where that may not be, the bytes are
 * unreadable. Nothing is kept in this form.
 *
 * <p>Past 300 lines because writing and reading of each type stand side by side.
 */
public final class TypedJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Map<Class<?>, Plain> PLAIN = plain();
  private static final Set<Class<?>> CONTAINERS =
      Set.of(Optional.class, List.class, Set.class, SortedSet.class, Map.class, SortedMap.class);

  /** How large the whole is, its readers say; a payload alone may be most of it. */
  private static final ObjectMapper MAPPER =
      new JsonMapper(
          JsonFactory.builder()
              .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());

  private TypedJson() {}

  /** How a type without components is written and read. */
  private record Plain(Writer writer, Reader reader) {
    interface Writer {
      JsonNode write(Object value);
    }

    interface Reader {
      @Nullable Object read(JsonNode node) throws IOException;
    }
  }

  /** {@link #write} as bytes. */
  public static byte[] encode(Object value, Type type) {
    try {
      return MAPPER.writeValueAsBytes(write(value, type));
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
  }

  /**
   * {@link #read} from bytes.
   *
   * @throws UnreadableBytesException where the bytes are no such value
   */
  public static Object decode(byte[] bytes, Type type) {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new UnreadableBytesException("no JSON");
    }
    return element(tree, type);
  }

  /**
   * Writes a value.
   *
   * @param type what it is declared to be, and what {@link #read} must be given
   */
  public static JsonNode write(@Nullable Object value, Type type) {
    if (value == null) {
      return NullNode.instance;
    }
    Class<?> raw = raw(type);
    Plain plain = PLAIN.get(raw);
    if (plain != null) {
      return plain.writer.write(value);
    }
    if (value instanceof Enum<?> constant) {
      return NODES.textNode(constant.name());
    }
    if (value instanceof Optional<?> optional) {
      return write(optional.orElse(null), argument(type, 0));
    }
    if (value instanceof Collection<?> all) {
      ArrayNode array = NODES.arrayNode(all.size());
      all.forEach(one -> array.add(write(one, argument(type, 0))));
      return array;
    }
    if (value instanceof Map<?, ?> map) {
      return pairs(map, type);
    }
    if (raw.isSealed()) {
      Class<?> kind = value.getClass();
      return NODES.objectNode().set(kind.getSimpleName(), RecordShape.of(kind).write(value));
    }
    return RecordShape.of(raw).write(value);
  }

  /**
   * Reads a value.
   *
   * @throws UnreadableBytesException where the JSON is no such value
   */
  public static @Nullable Object read(@Nullable JsonNode node, Type type) {
    Class<?> raw = raw(type);
    if (node == null || node.isNull() || node.isMissingNode()) {
      return absent(raw);
    }
    Plain plain = PLAIN.get(raw);
    try {
      if (plain != null) {
        return plain.reader.read(node);
      }
      if (raw.isEnum()) {
        return constant(raw, text(node));
      }
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      throw new UnreadableBytesException("no " + raw.getSimpleName() + ": " + e.getMessage());
    }
    if (raw == Optional.class) {
      return Optional.ofNullable(read(node, argument(type, 0)));
    }
    if (raw == Set.class) {
      return new HashSet<>(elements(node, argument(type, 0)));
    }
    if (raw == SortedSet.class) {
      return new TreeSet<>(elements(node, argument(type, 0)));
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return elements(node, argument(type, 0));
    }
    if (Map.class.isAssignableFrom(raw)) {
      return map(node, type);
    }
    return raw.isSealed() ? kind(node, raw) : RecordShape.of(raw).read(node);
  }

  /** What of a type can't travel, each named with the way to it; none: it can. */
  public static List<String> unfit(Type type) {
    List<String> problems = new ArrayList<>();
    look(type, "", new HashSet<>(), problems);
    return problems;
  }

  private static void look(Type type, String at, Set<Type> seen, List<String> problems) {
    Class<?> raw = raw(type);
    if (!seen.add(type) || PLAIN.containsKey(raw) || raw.isEnum()) {
      return;
    }
    if (type instanceof ParameterizedType parameterized && isContainer(raw)) {
      for (Type argument : parameterized.getActualTypeArguments()) {
        look(argument, at, seen, problems);
      }
    } else if (raw.isSealed()) {
      kinds(raw).forEach(kind -> look(kind, at + "/" + kind.getSimpleName(), seen, problems));
    } else if (raw.isRecord()) {
      Arrays.stream(raw.getRecordComponents())
          .forEach(c -> look(c.getGenericType(), at + "." + c.getName(), seen, problems));
    } else {
      problems.add(at + ": " + type.getTypeName() + " is no record and nothing known");
    }
  }

  private static boolean isContainer(Class<?> raw) {
    return CONTAINERS.contains(raw);
  }

  private static ArrayNode pairs(Map<?, ?> map, Type type) {
    ArrayNode array = NODES.arrayNode(map.size());
    map.forEach(
        (key, value) ->
            array
                .addArray()
                .add(write(key, argument(type, 0)))
                .add(write(value, argument(type, 1))));
    return array;
  }

  private static Map<Object, Object> map(JsonNode node, Type type) {
    Map<Object, Object> map =
        SortedMap.class.isAssignableFrom(raw(type)) ? new TreeMap<>() : new HashMap<>();
    array(node)
        .forEach(
            pair ->
                map.put(
                    element(array(pair).get(0), argument(type, 0)),
                    element(pair.get(1), argument(type, 1))));
    return map;
  }

  private static List<Object> elements(JsonNode node, Type type) {
    List<Object> values = new ArrayList<>(array(node).size());
    node.forEach(one -> values.add(element(one, type)));
    return values;
  }

  private static Object element(@Nullable JsonNode node, Type type) {
    Object value = read(node, type);
    if (value == null) {
      throw new UnreadableBytesException("null in a collection of " + type.getTypeName());
    }
    return value;
  }

  private static Object kind(JsonNode node, Class<?> sealed) {
    if (node instanceof ObjectNode object && object.size() == 1) {
      String name = object.fieldNames().next();
      for (Class<?> kind : kinds(sealed).toList()) {
        if (kind.getSimpleName().equals(name)) {
          return RecordShape.of(kind).read(object.get(name));
        }
      }
    }
    throw new UnreadableBytesException("no known kind of " + sealed.getSimpleName());
  }

  /** The records behind a sealed interface. */
  private static Stream<Class<?>> kinds(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(kind -> kind.isSealed() ? kinds(kind) : Stream.of(kind));
  }

  private static Object constant(Class<?> type, String name) {
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static @Nullable Object absent(Class<?> raw) {
    if (raw == Optional.class) {
      return Optional.empty();
    }
    if (Set.class.isAssignableFrom(raw)) {
      return new TreeSet<>();
    }
    if (Collection.class.isAssignableFrom(raw)) {
      return List.of();
    }
    if (Map.class.isAssignableFrom(raw)) {
      return new TreeMap<>();
    }
    if (raw == boolean.class) {
      return false;
    }
    return raw == long.class ? (Object) 0L : raw == int.class ? (Object) 0 : null;
  }

  private static ArrayNode array(@Nullable JsonNode node) {
    if (node instanceof ArrayNode array) {
      return array;
    }
    throw new UnreadableBytesException("no array where one must be");
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType parameterized
        ? (Class<?>) parameterized.getRawType()
        : (Class<?>) type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static Map<Class<?>, Plain> plain() {
    Map<Class<?>, Plain> known = new HashMap<>();
    Plain number = new Plain(n -> NODES.numberNode(((Number) n).longValue()), TypedJson::number);
    Plain integer = new Plain(number.writer, node -> Math.toIntExact((Long) number(node)));
    Plain truth = new Plain(b -> NODES.booleanNode((Boolean) b), TypedJson::truth);
    // As a text: JSON's numbers have no infinity.
    Plain decimal = new Plain(d -> NODES.textNode(d.toString()), n -> Double.valueOf(text(n)));
    known.put(long.class, number);
    known.put(Long.class, number);
    known.put(int.class, integer);
    known.put(Integer.class, integer);
    known.put(boolean.class, truth);
    known.put(Boolean.class, truth);
    known.put(double.class, decimal);
    known.put(Double.class, decimal);
    known.put(
        String.class, new Plain(t -> NODES.textNode(Json.wellFormed((String) t)), TypedJson::text));
    known.put(
        RawBytes.class,
        new Plain(b -> BinaryNode.valueOf(((RawBytes) b).array()), n -> RawBytes.of(bytes(n))));
    known.put(JsonNode.class, new Plain(n -> (JsonNode) n, n -> n));
    known.put(
        UUID.class, new Plain(u -> NODES.textNode(u.toString()), n -> UUID.fromString(text(n))));
    known.put(
        Duration.class, new Plain(d -> NODES.textNode(d.toString()), n -> Duration.parse(text(n))));
    return known;
  }

  private static Object number(JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw new IllegalArgumentException("no whole number");
    }
    return node.longValue();
  }

  private static Object truth(JsonNode node) {
    if (!node.isBoolean()) {
      throw new IllegalArgumentException("neither true nor false");
    }
    return node.booleanValue();
  }

  private static String text(JsonNode node) {
    if (!node.isTextual()) {
      throw new IllegalArgumentException("no text");
    }
    return node.textValue();
  }

  private static byte[] bytes(JsonNode node) throws IOException {
    byte[] bytes = node.isTextual() || node.isBinary() ? node.binaryValue() : null;
    if (bytes == null) {
      throw new IllegalArgumentException("no bytes in base64");
    }
    return bytes;
  }
}
