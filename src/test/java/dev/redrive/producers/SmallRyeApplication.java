// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Guide;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * The SmallRye application of {@code src/test/smallrye}, in a JVM of its own: it asks for older
 * libraries than Redrive does. The build has made it, and written down its class path.
 */
final class SmallRyeApplication implements AutoCloseable {
  private static final Path CLASS_PATH = Path.of("target", "smallrye.classpath");
  private static final Path CLASSES = Path.of("target", "smallrye", "classes");

  private final Process process;
  private final Path dir;
  private final Path log;

  private SmallRyeApplication(Process process, Path dir, Path log) {
    this.process = process;
    this.dir = dir;
    this.log = log;
  }

  /** Returns when its channels are set up. */
  static SmallRyeApplication start(Path dir, String bootstrapServers) throws IOException {
    assertThat(CLASS_PATH)
        .as("class path of SmallRye; make it by: mvn invoker:run@smallrye")
        .exists();
    Files.createDirectories(dir);
    Properties guide = new Properties();
    guide.putAll(Guide.of("quarkus").properties());
    try (Writer file = Files.newBufferedWriter(dir.resolve("guide.properties"))) {
      guide.store(file, null);
    }
    Path log = dir.resolve("application.log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                CLASSES + File.pathSeparator + Files.readString(CLASS_PATH).strip(),
                "orders.Orders",
                bootstrapServers,
                dir.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    SmallRyeApplication application = new SmallRyeApplication(process, dir, log);
    Journey.patiently()
        .until(
            () -> {
              assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
              return application.count("ready") == 1;
            });
    return application;
  }

  /** From now on the channel takes what it is given. */
  void open(String channel) throws IOException {
    Files.createFile(dir.resolve(channel));
  }

  /** How many records the channel was given. */
  long given(String channel) {
    return count("given " + channel + " ");
  }

  private long count(String start) {
    try {
      return Files.readString(log).lines().filter(line -> line.startsWith(start)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
