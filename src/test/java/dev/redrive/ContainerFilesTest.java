// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.KeyHash;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Holds Dockerfile and compose file to the program that they start. */
class ContainerFilesTest {
  private static final Pattern VARIABLE = Pattern.compile("(?m)\\b(REDRIVE_\\w+)=(\\S+)");

  @Test
  void whatComposeSetsStartsRedrive() throws Exception {
    Map<String, String> environment = new HashMap<>(image());
    service("redrive", "environment").forEach((name, value) -> environment.put(name, text(value)));

    Settings settings = SettingsLoader.load(Optional.empty(), environment, List.of());

    assertThat(settings.kafka()).containsEntry("bootstrap.servers", "kafka:19092");
    assertThat(settings.stateDir()).isEqualTo(Path.of("/var/lib/redrive"));
    assertThat(settings.auth().keys().get(0).sha256()).isEqualTo(KeyHash.of("demo"));
  }

  @Test
  void composeOpensPortsToThisMachineOnly() throws IOException {
    for (String service : services().keySet()) {
      Object ports = map(services().get(service)).getOrDefault("ports", List.of());
      assertThat((List<?>) ports)
          .allSatisfy(port -> assertThat(text(port)).startsWith("127.0.0.1:"));
    }
  }

  @Test
  void theImageStartsTheMainClassAsNobody() throws IOException {
    assertThat(Files.readString(Path.of("Dockerfile")))
        .contains("USER 10001:10001")
        .contains("ENTRYPOINT [\"/opt/redrive/bin/redrive\"]");
    Path entry = Path.of("src", "main", "docker", "redrive");
    assertThat(Files.isExecutable(entry)).isTrue();
    assertThat(Files.readString(entry)).contains(' ' + Main.class.getName() + ' ');
  }

  @Test
  void whatComposeMountsFromHereIsHere() throws IOException {
    for (Object service : services().values()) {
      Object volumes = map(service).getOrDefault("volumes", List.of());
      for (Object volume : (List<?>) volumes) {
        String source = text(volume).split(":", 2)[0];
        if (source.startsWith(".")) {
          assertThat(Path.of(source)).isRegularFile();
        }
      }
    }
  }

  /** The variables that the image sets. */
  private static Map<String, String> image() throws IOException {
    Map<String, String> variables = new HashMap<>();
    VARIABLE
        .matcher(Files.readString(Path.of("Dockerfile")))
        .results()
        .forEach(set -> variables.put(set.group(1), set.group(2)));
    assertThat(variables).isNotEmpty();
    return variables;
  }

  private static Map<String, ?> service(String name, String part) throws IOException {
    return map(map(services().get(name)).get(part));
  }

  private static Map<String, ?> services() throws IOException {
    Map<String, ?> compose = new Yaml().load(Files.readString(Path.of("docker-compose.yml")));
    return map(compose.get("services"));
  }

  @SuppressWarnings("unchecked") // YAML's keys are texts here
  private static Map<String, Object> map(Object yaml) {
    return (Map<String, Object>) yaml;
  }

  private static String text(Object yaml) {
    return String.valueOf(yaml);
  }
}
