// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.Doc;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingEntry.Shape;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All settings, read off the accessors of {@link Settings}. */
final class SettingsTable {

  private static final List<SettingEntry> ENTRIES = entries();

  private SettingsTable() {}

  /** Those without a group first, then by key. */
  static List<SettingEntry> all() {
    return ENTRIES;
  }

  static Optional<SettingEntry> find(String writtenKey) {
    return ENTRIES.stream().filter(entry -> entry.covers(writtenKey)).findFirst();
  }

  private static List<SettingEntry> entries() {
    List<SettingEntry> found = new ArrayList<>();
    collect(Settings.class, "", found);
    // Reflection promises no order.
    found.sort(
        Comparator.comparing((SettingEntry entry) -> entry.key().contains("."))
            .thenComparing(SettingEntry::key));
    return List.copyOf(found);
  }

  /** An accessor with a {@link Doc} is a setting, any other a group or a list of groups. */
  private static void collect(Class<?> group, String prefix, List<SettingEntry> into) {
    for (Method method : group.getDeclaredMethods()) {
      if (Modifier.isStatic(method.getModifiers()) || method.isSynthetic()) {
        continue;
      }
      Doc doc = method.getAnnotation(Doc.class);
      String key = prefix + name(method);
      Type type = method.getGenericReturnType();
      if (doc != null) {
        into.add(entry(key, method, doc));
      } else if (method.getReturnType() == List.class) {
        collect((Class<?>) argument(type), key + "[].", into);
      } else {
        collect(method.getReturnType(), key + ".", into);
      }
    }
  }

  private static SettingEntry entry(String key, Method method, Doc doc) {
    Type type = method.getGenericReturnType();
    boolean optional = raw(type) == Optional.class;
    if (optional) {
      type = argument(type);
    }
    Shape shape =
        raw(type) == List.class ? Shape.MANY : raw(type) == Map.class ? Shape.MAP : Shape.ONE;
    Class<?> value = raw(shape == Shape.ONE ? type : argument(type));
    WithDefault byDefault = method.getAnnotation(WithDefault.class);
    return new SettingEntry(
        key, shape, value, byDefault == null ? null : byDefault.value(), optional, doc);
  }

  static String name(Method method) {
    WithName name = method.getAnnotation(WithName.class);
    return name != null
        ? name.value()
        : method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  /** The type of what is inside: the values of a map, the elements of a list. */
  static Type argument(Type type) {
    Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
    return arguments[arguments.length - 1];
  }
}
