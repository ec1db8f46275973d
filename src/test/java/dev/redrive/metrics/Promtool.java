// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Prometheus' own checker: promtool of Debian's package prometheus. */
final class Promtool {

  private Promtool() {}

  /** Where a program of that package is; skips the test where it is not installed. */
  static Path needed(String program) {
    Optional<Path> found =
        Arrays.stream(System.getenv("PATH").split(":", -1))
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
    String why =
        program + " is not installed (Debian's package prometheus), so this is not checked";
    if (found.isEmpty()) {
      System.out.println("SKIPPED: " + why);
    }
    assumeTrue(found.isPresent(), why);
    return found.orElseThrow();
  }

  /** Runs it and expects that it finds nothing wrong. */
  static String check(String input, String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(needed("promtool").toString());
    line.addAll(List.of(arguments));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("promtool %s said:%n%s", line, said).isZero();
    return said;
  }
}
