// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.cli.CommandLineInterface;
import dev.redrive.cli.Programs;
import dev.redrive.sandbox.SampleRun;
import dev.redrive.sandbox.Sandbox;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** The program's entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int exitCode =
        CommandLineInterface.run(
            new Programs(
                settings -> Serve.run(settings, System.out, System.err),
                options -> Sandbox.run(options, new SandboxStarter(), System.out, System.err),
                options -> SampleRun.run(options.bootstrapServers(), System.out, System.err),
                options -> Explain.run(options, Clock.systemUTC()),
                Repartition::run),
            System.getenv(),
            new InputStreamReader(System.in, StandardCharsets.UTF_8),
            new PrintWriter(System.out, true, Charset.defaultCharset()),
            new PrintWriter(System.err, true, Charset.defaultCharset()),
            args);
    if (exitCode != CommandLineInterface.DONE) {
      System.exit(exitCode);
    }
  }
}
