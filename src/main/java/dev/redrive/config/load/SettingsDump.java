// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.Doc;
import dev.redrive.config.Settings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The settings in force, for a log or a person: secrets masked. */
public final class SettingsDump {

  private static final String MASK = "***";

  /** Parts of the names under which Kafka's clients and their plug-ins take secrets. */
  private static final Pattern SECRET =
      Pattern.compile(".*(password|passwd|secret|token|jaas|credential|auth|\\.key$).*");

  private final Map<String, String> values = new TreeMap<>();

  private SettingsDump() {}

  /** Key to value, sorted by key. */
  public static Map<String, String> of(Settings settings) {
    SettingsDump dump = new SettingsDump();
    dump.group("", Settings.class, settings);
    return dump.values;
  }

  private void group(String prefix, Class<?> type, Object group) {
    for (Method method : type.getDeclaredMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        accessor(prefix + SettingsTable.name(method), method, get(method, group));
      }
    }
  }

  private void accessor(String key, Method method, Object value) {
    Doc doc = method.getAnnotation(Doc.class);
    if (doc != null) {
      setting(key, doc, value);
    } else if (value instanceof List<?> groups) {
      for (int i = 0; i < groups.size(); i++) {
        group(key + "[" + i + "].", element(method), groups.get(i));
      }
    } else {
      group(key + ".", method.getReturnType(), value);
    }
  }

  private void setting(String key, Doc doc, Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, one) -> setting(key + "." + name, doc, one));
    } else if (value instanceof Optional<?> optional) {
      optional.ifPresent(present -> setting(key, doc, present));
    } else if (doc.secret() || (key.startsWith("kafka.") && isSecret(key))) {
      values.put(key, MASK);
    } else {
      String text = value instanceof Enum<?> one ? one.name().toLowerCase(Locale.ROOT) : "" + value;
      values.put(key, text);
    }
  }

  private static boolean isSecret(String key) {
    return SECRET.matcher(key.toLowerCase(Locale.ROOT)).matches();
  }

  private static Class<?> element(Method method) {
    return (Class<?>) SettingsTable.argument(method.getGenericReturnType());
  }

  private static Object get(Method method, Object group) {
    try {
      return method.invoke(group);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("the settings cannot be read: " + method, e);
    }
  }
}
