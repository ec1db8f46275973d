// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.cli.CommandLineInterface;
import dev.redrive.cli.Programs;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The program's entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    int exitCode =
        CommandLineInterface.run(
            new Programs(
                settings -> notThere("serve"),
                options -> notThere("sandbox"),
                options -> notThere("sample")),
            System.getenv(),
            new InputStreamReader(System.in, StandardCharsets.UTF_8),
            new PrintWriter(System.out, true, Charset.defaultCharset()),
            new PrintWriter(System.err, true, Charset.defaultCharset()),
            args);
    if (exitCode != CommandLineInterface.DONE) {
      System.exit(exitCode);
    }
  }

  private static int notThere(String command) {
    System.err.println(command + ": is not part of this build");
    return CommandLineInterface.FAILED;
  }
}
