// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.redrive.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Redrive as a process of its own. */
public final class RedriveProcess implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(4);

  /** It lives for seconds, which the second compiler would spend on itself; benchmarks differ. */
  private static final List<String> JVM =
      List.of(
          System.getProperty(
                  "redrive.process.jvm", "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
              .split(" ", -1));

  private static final String LISTENS = "Redrive listens on ";

  private final Process process;
  private final BufferedReader out;
  private final Path log;
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI address;

  private RedriveProcess(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    this.out = process.inputReader(UTF_8);
    this.address = URI.create(awaitAddress());
  }

  /** Starts the program itself. */
  public static RedriveProcess serve(Installation installation) throws IOException {
    return serve(installation, installation.settings());
  }

  /** Starts the program itself with other settings than the installation's. */
  public static RedriveProcess serve(Installation installation, Map<String, String> settings)
      throws IOException {
    List<String> args = new ArrayList<>(List.of("serve"));
    sets(settings).forEach(set -> args.addAll(List.of("--set", set)));
    return start(installation, Main.class, args);
  }

  /** Starts another main class of the tests, which prints the same line when it listens. */
  public static RedriveProcess start(Installation installation, Class<?> main, List<String> args)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(JVM);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    line.addAll(args);
    return launch(installation, line);
  }

  /** Runs a command line that becomes the program. */
  public static RedriveProcess launch(Installation installation, List<String> line)
      throws IOException {
    Files.createDirectories(installation.stateDir());
    Path log = Files.createTempFile(installation.stateDir(), installation.name(), ".log");
    Process process = new ProcessBuilder(line).redirectError(log.toFile()).start();
    try {
      return new RedriveProcess(process, log);
    } catch (IOException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  public static List<String> sets(Map<String, String> settings) {
    return settings.entrySet().stream().map(set -> set.getKey() + "=" + set.getValue()).toList();
  }

  public RedriveProcess awaitReady() {
    await()
        .atMost(READY)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> get("/health/ready").map(HttpResponse::statusCode).orElse(0) == 200);
    return this;
  }

  /** A figure of its metrics, or -1 where it does not answer. */
  public long metric(String name) {
    return get("/metrics").stream()
        .flatMap(answer -> answer.body().lines())
        .filter(line -> line.startsWith(name + " "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length() + 1)))
        .findAny()
        .orElse(-1);
  }

  public URI address() {
    return address;
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /** {@code kill -9}, and waits until nothing of it is left. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Whether it is stopped, as by SIGSTOP: it lives and does nothing. */
  boolean paused() throws IOException {
    String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
    return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
  }

  /** Lets one that is stopped go on as if nothing had happened. */
  void resume() throws IOException, InterruptedException {
    List<String> line = List.of("kill", "-CONT", String.valueOf(process.pid()));
    if (new ProcessBuilder(line).start().waitFor() != 0) {
      throw new AssertionError(line + " failed");
    }
  }

  /** Asks it to stop, and waits for that. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("It did not stop within 30 s; it said: " + said());
    }
  }

  public int awaitExit(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("It did not end within " + atMost + "; it said: " + said());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private String awaitAddress() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(LISTENS)) {
        return line.substring(LISTENS.length());
      }
    }
    throw new IOException("The process ended before it listened; it said: " + said());
  }

  private Optional<HttpResponse<String>> get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(5)).build();
    try {
      return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
