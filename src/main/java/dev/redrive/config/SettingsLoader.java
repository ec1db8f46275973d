// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads settings. */
public final class SettingsLoader {

  private SettingsLoader() {}

  /** Settings from keys as they stand in the file, such as {@code http.port}. */
  public static Settings of(Map<String, String> values) {
    Map<String, String> prefixed = new HashMap<>();
    values.forEach((key, value) -> prefixed.put(Settings.PREFIX + "." + quoteMapKey(key), value));
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(prefixed, "settings", 100))
            .withConverter(Duration.class, 200, present(Durations::parse))
            .withConverter(ByteSize.class, 200, present(ByteSize::parse))
            .withConverter(KeyHash.class, 200, present(KeyHash::parse))
            .withDefaultValue(
                Settings.PREFIX + ".stream-threads",
                String.valueOf(Math.min(4, Runtime.getRuntime().availableProcessors())))
            .withMapping(Settings.class)
            .withValidateUnknown(false)
            .build();
    return config.getConfigMapping(Settings.class);
  }

  /** The mapping converts the empty text where a value is absent. */
  private static <T> Converter<T> present(Function<String, T> parse) {
    return text -> text.isEmpty() ? null : parse.apply(text);
  }

  private static String quoteMapKey(String key) {
    for (String map : new String[] {"kafka.", "errors.starts."}) {
      if (key.startsWith(map)) {
        return map + '"' + key.substring(map.length()) + '"';
      }
    }
    return key;
  }
}
