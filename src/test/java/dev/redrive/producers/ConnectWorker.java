// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kafka Connect, standalone, in a JVM of its own: it asks for an older Jetty than Redrive does. Its
 * class path is what the build wrote to {@code target/connect.classpath}.
 */
final class ConnectWorker implements AutoCloseable {
  private static final Path CLASS_PATH = Path.of("target", "connect.classpath");
  private static final Pattern LISTENING =
      Pattern.compile("REST server listening at (http://127\\.0\\.0\\.1:\\d+)");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final Path log;

  private ConnectWorker(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Returns at once; whoever asks it for something waits until it listens. */
  static ConnectWorker start(Path dir, String bootstrapServers) throws IOException {
    assertThat(CLASS_PATH)
        .as("class path of Kafka Connect; make it by: mvn invoker:run@connect")
        .exists();
    Files.createDirectories(dir);
    Path log = dir.resolve("connect.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Files.readString(CLASS_PATH).strip(),
                "org.apache.kafka.connect.cli.ConnectStandalone",
                settings(dir, bootstrapServers).toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new ConnectWorker(process, log);
  }

  /** Sets up a connector, or gives it another configuration; returns when its task runs with it. */
  void put(String connector, Map<String, String> config) throws Exception {
    String base = address() + "/connectors/" + connector;
    HttpRequest.Builder put =
        HttpRequest.newBuilder(URI.create(base + "/config"))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(JSON.writeValueAsString(config)));
    // It listens before it has anything to show.
    Journey.patiently()
        .untilAsserted(
            () -> {
              HttpResponse<String> taken = send(put);
              assertThat(taken.statusCode()).as(taken.body()).isIn(200, 201);
            });
    Journey.patiently()
        .until(
            () -> {
              JsonNode status =
                  JSON.readTree(send(HttpRequest.newBuilder(URI.create(base + "/status"))).body());
              return status.at("/tasks/0/state").asText().equals("RUNNING");
            });
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }

  /** It takes any free port and says in its log which. */
  private String address() {
    Matcher listening = LISTENING.matcher("");
    Journey.patiently()
        .until(
            () -> {
              String said = Files.readString(log);
              assertThat(process.isAlive()).as(said).isTrue();
              return listening.reset(said).find();
            });
    return listening.group(1);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString(UTF_8));
  }

  private static Path settings(Path dir, String bootstrapServers) throws IOException {
    Properties worker = new Properties();
    worker.setProperty("bootstrap.servers", bootstrapServers);
    worker.setProperty("key.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
    worker.setProperty("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
    worker.setProperty("offset.storage.file.filename", dir.resolve("offsets").toString());
    worker.setProperty("offset.flush.interval.ms", "500");
    worker.setProperty("listeners", "http://127.0.0.1:0");
    worker.setProperty("plugin.discovery", "service_load");
    StringWriter text = new StringWriter();
    worker.store(text, null);
    return Files.writeString(dir.resolve("worker.properties"), text.toString());
  }
}
