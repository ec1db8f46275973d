// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page {@code /docs} in a real browser, where there is one: a policy too strict shows there.
 */
@Timeout(180)
class DocsPageTest {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  @TempDir Path dir;

  @Test
  void aBrowserShowsEveryOperation() throws Exception {
    Optional<Path> browser = browser();
    assumeTrue(
        browser.isPresent(), "SKIPPED: none of the browsers " + BROWSERS + " is in the PATH");
    try (Api api = Api.start()) {
      String page = shown(browser.get(), "http://127.0.0.1:" + api.port() + "/docs");
      assertThat(Files.readString(dir.resolve("log"))).doesNotContain("Content Security Policy");
      assertThat(operations(page)).isEqualTo(api.contract.operations());
    }
  }

  /** The page as its scripts have made it. */
  private String shown(Path browser, String address) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                browser.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--enable-logging=stderr",
                "--user-data-dir=" + dir.resolve("profile"),
                "--virtual-time-budget=30000",
                "--dump-dom",
                address)
            .redirectOutput(dir.resolve("page").toFile())
            .redirectError(dir.resolve("log").toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(dir.resolve("page"), StandardCharsets.UTF_8);
  }

  /** As the description names them, such as {@code GET /api/dlq}. */
  private static Set<String> operations(String page) {
    return Pattern.compile(
            "opblock-summary-method\">([A-Z]+)<.*?data-path=\"([^\"]+)\"", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(found -> found.group(1) + " " + found.group(2))
        .collect(Collectors.toSet());
  }

  private static Optional<Path> browser() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .flatMap(folder -> BROWSERS.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
