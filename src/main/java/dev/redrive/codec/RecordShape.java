// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The components of one record class, for {@link TypedJson}: looked up once per class. */
final class RecordShape {
  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return new RecordShape(type);
        }
      };

  private final Class<?> type;
  private final Part[] parts;
  private final Constructor<?> constructor;

  private record Part(String name, Type type, boolean nullable, Method accessor) {}

  private RecordShape(Class<?> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(type + " can't travel: it is no record");
    }
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    this.parts = Arrays.stream(components).map(RecordShape::part).toArray(Part[]::new);
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
    constructor.setAccessible(true);
  }

  static RecordShape of(Class<?> type) {
    return SHAPES.get(type);
  }

  JsonNode write(Object record) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Part part : parts) {
      try {
        Object value = part.accessor.invoke(record);
        if (value != null) {
          node.set(part.name, TypedJson.write(value, part.type));
        }
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("the accessors of records do not fail", e);
      }
    }
    return node;
  }

  Object read(@Nullable JsonNode node) {
    if (!(node instanceof ObjectNode)) {
      throw new UnreadableBytesException("no object where a " + type.getSimpleName() + " must be");
    }
    @Nullable Object[] values = new @Nullable Object[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = TypedJson.read(node.get(parts[i].name), parts[i].type);
      if (values[i] == null && !parts[i].nullable) {
        throw new UnreadableBytesException(
            "a " + type.getSimpleName() + " without " + parts[i].name);
      }
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new UnreadableBytesException("no " + type.getSimpleName() + ": " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record can be made by its constructor", e);
    }
  }

  private static Part part(RecordComponent component) {
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    return new Part(
        component.getName(),
        component.getGenericType(),
        component.getAnnotatedType().isAnnotationPresent(Nullable.class),
        accessor);
  }
}
