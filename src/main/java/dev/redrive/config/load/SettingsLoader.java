// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import com.google.re2j.Pattern;
import dev.redrive.config.AllowedHost;
import dev.redrive.config.ByteSize;
import dev.redrive.config.KeyHash;
import dev.redrive.config.MaskPath;
import dev.redrive.config.Network;
import dev.redrive.config.Settings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.spi.Converter;

/** Reads settings and says everything that is wrong with them at once. */
public final class SettingsLoader {

  private static final int PRIORITY = 200;

  private SettingsLoader() {}

  /**
   * Settings of a server, checked as a whole. Of what is set twice, the later place holds.
   *
   * @param file YAML; the first place
   * @param environment all variables; those that begin with {@code REDRIVE_} are the second place
   * @param sets {@code key=value} from the command line; the third place
   */
  public static Settings load(
      Optional<Path> file, Map<String, String> environment, List<String> sets)
      throws BadSettingsException {
    List<String> problems = new ArrayList<>();
    GivenValues values = new GivenValues(problems);
    file.ifPresent(path -> values.addAll(SettingsFile.read(path, problems)));
    values.addAll(Environment.read(environment, problems));
    values.addAll(SetOptions.read(sets, problems));
    if (!values.complete()) {
      throw new BadSettingsException(problems);
    }
    Settings settings = map(values.toMap());
    problems.addAll(SettingsRules.problems(settings));
    if (!problems.isEmpty()) {
      throw new BadSettingsException(problems);
    }
    return settings;
  }

  /**
   * Settings that a program puts together, such as {@code http.port}; each value is checked, but
   * not whether they fit each other and suffice for a server.
   *
   * @throws IllegalArgumentException if a value is wrong
   */
  public static Settings of(Map<String, String> settings) {
    List<String> problems = new ArrayList<>();
    GivenValues values = new GivenValues(problems);
    values.addAll(
        settings.entrySet().stream()
            .map(entry -> new GivenValue(entry.getKey(), entry.getValue(), entry.getKey()))
            .toList());
    if (!values.complete() || !problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return map(values.toMap());
  }

  private static Settings map(Map<String, String> values) {
    Map<String, String> prefixed = new LinkedHashMap<>();
    values.forEach((key, value) -> prefixed.put(Settings.PREFIX + "." + key, value));
    // No default sources and interceptors: a "${" in a password is part of the password.
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(prefixed, "settings", 100))
        .withDefaultValue(Settings.PREFIX + ".stream-threads", String.valueOf(processors()))
        .withDefaultValue(Settings.PREFIX + ".store.block-cache", MemoryShare.of(8, 512))
        .withDefaultValue(Settings.PREFIX + ".store.write-buffers", MemoryShare.of(16, 256))
        .withConverter(Duration.class, PRIORITY, present(Durations::parse))
        .withConverter(ByteSize.class, PRIORITY, present(ByteSize::parse))
        .withConverter(KeyHash.class, PRIORITY, present(KeyHash::parse))
        .withConverter(MaskPath.class, PRIORITY, present(MaskPath::parse))
        .withConverter(AllowedHost.class, PRIORITY, present(AllowedHost::parse))
        .withConverter(Network.class, PRIORITY, present(Network::parse))
        .withConverter(Pattern.class, PRIORITY, present(Pattern::compile))
        .withMapping(Settings.class)
        .build()
        .getConfigMapping(Settings.class);
  }

  private static int processors() {
    return Math.min(4, Runtime.getRuntime().availableProcessors());
  }

  /** The mapping converts the empty text where a value is absent. */
  private static <T> Converter<T> present(Function<String, T> parse) {
    return text -> text.isEmpty() ? null : parse.apply(text);
  }
}
