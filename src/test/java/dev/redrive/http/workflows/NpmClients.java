// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The vendor's own clients, unmodified: calls are collected and then made by one node process.
 * {@code .ci/run} installs them in {@code target/npm}; where they are not, nothing is tried.
 */
final class NpmClients {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path INSTALLED =
      Path.of(System.getProperty("redrive.npm", "target/npm")).toAbsolutePath();

  private final int port;
  private final Path script;
  private final List<String> calls = new ArrayList<>();

  private NpmClients(int port, Path script) {
    this.port = port;
    this.script = script;
  }

  /** Skips the test where there are none. */
  static void assumeInstalled() {
    assumeTrue(
        Files.isDirectory(INSTALLED.resolve("node_modules/@upstash/workflow")),
        "SKIPPED: the npm clients are not installed in "
            + INSTALLED
            + "; .ci/run does it where node is");
  }

  static NpmClients of(int port) throws IOException {
    Path script = INSTALLED.resolve("clients.js");
    Files.copy(
        Path.of("src/test/resources/npm/clients.js"), script, StandardCopyOption.REPLACE_EXISTING);
    return new NpmClients(port, script);
  }

  /**
   * Adds a call.
   *
   * @param args JSON array, with apostrophes for quotation marks
   */
  void call(String client, String method, String args) {
    add(client, method, args, false);
  }

  /** Adds one that is repeated with the cursor of its answer until there is none. */
  void loop(String client, String method, String args) {
    add(client, method, args, true);
  }

  private void add(String client, String method, String args, boolean loop) {
    calls.add(
        "{'client':'%s','method':'%s','args':%s,'loop':%s}"
            .formatted(client, method, args, loop)
            .replace('\'', '"'));
  }

  /** Makes the calls; what each gave, in their order. */
  List<JsonNode> answers(String key) throws IOException, InterruptedException {
    Path in = Files.createTempFile("calls", ".jsonl");
    Files.write(in, calls, StandardCharsets.UTF_8);
    Process node =
        new ProcessBuilder("node", script.toString(), "http://127.0.0.1:" + port, key)
            .directory(INSTALLED.toFile())
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Files.delete(in);
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.strip().split("\n", -1)) {
      answers.add(JSON.readTree(line));
    }
    assertThat(answers).as(out).hasSize(calls.size());
    calls.clear();
    return answers;
  }
}
