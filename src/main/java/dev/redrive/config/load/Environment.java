// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.load.SettingEntry.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings from {@code REDRIVE_*} variables. What is secret may lie in a file that a variable names
 * with {@code _FILE} at its end, as Docker and systemd hand secrets over.
 */
final class Environment {

  private static final String PREFIX = "REDRIVE_";
  private static final String FILE = "_FILE";

  /**
   * What Kubernetes sets in every container for a Service called {@code redrive} or {@code
   * redrive-http}; some of it has the name of a setting.
   */
  private static final Pattern SERVICE_NAME =
      Pattern.compile(
          "REDRIVE_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  /** Read by logback.xml, before there are settings. */
  private static final Set<String> OF_THE_LOG =
      Set.of("REDRIVE_LOG_FORMAT", "REDRIVE_LOG_LEVEL", "REDRIVE_AUDIT_LEVEL");

  private Environment() {}

  static List<GivenValue> read(Map<String, String> variables, List<String> problems) {
    List<GivenValue> values = new ArrayList<>();
    new TreeMap<>(variables)
        .forEach(
            (name, value) -> {
              if (name.startsWith(PREFIX)
                  && !OF_THE_LOG.contains(name)
                  && !isServiceLink(name, value)) {
                add(name, value, values, problems);
              }
            });
    return values;
  }

  private static boolean isServiceLink(String name, String value) {
    return SERVICE_NAME.matcher(name).matches() || SERVICE_ADDRESS.matcher(value).matches();
  }

  private static void add(
      String name, String value, List<GivenValue> values, List<String> problems) {
    if (isSecretFile(name)) {
      addSecret(name, value, values, problems);
      return;
    }
    for (SettingEntry entry : SettingsTable.all()) {
      String key = entry.keyOf(name);
      if (key != null && entry.shape() == Shape.MAP && !entry.key().equals("kafka")) {
        problems.add(name + ": names cannot be spelled here; use the file or --set " + key + "=…");
        return;
      }
      if (key != null) {
        values.add(new GivenValue(key, value, name));
        return;
      }
    }
    unknown(name, problems);
  }

  private static void unknown(String name, List<String> problems) {
    List<String> names = SettingsTable.all().stream().map(SettingEntry::environmentName).toList();
    problems.add(
        name
            + ": unknown"
            + NearMiss.of(name, names).map(near -> "; did you mean " + near + "?").orElse(""));
  }

  private static boolean isSecretFile(String name) {
    return name.endsWith(FILE) && secret(name).isPresent();
  }

  /** The setting whose value lies in the file that this variable names. */
  private static Optional<String> secret(String name) {
    String variable = name.substring(0, name.length() - FILE.length());
    return SettingsTable.all().stream()
        .filter(entry -> entry.doc().secret())
        .map(entry -> entry.keyOf(variable))
        .filter(Objects::nonNull)
        .findFirst();
  }

  private static void addSecret(
      String name, String file, List<GivenValue> values, List<String> problems) {
    if (file.isEmpty()) {
      return;
    }
    try {
      // Editors end a file with a line's end, which is no part of the secret.
      String secret = Files.readString(Path.of(file)).stripTrailing();
      if (secret.isEmpty()) {
        problems.add(name + ": " + file + " is empty");
        return;
      }
      values.add(new GivenValue(secret(name).orElseThrow(), secret, name));
    } catch (IOException | InvalidPathException e) {
      problems.add(name + ": " + file + " cannot be read: " + e.getMessage());
    }
  }
}
