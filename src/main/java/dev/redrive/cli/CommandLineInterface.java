// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cli;

import dev.redrive.config.KeyHash;
import dev.redrive.config.Settings;
import dev.redrive.config.load.BadSettingsException;
import dev.redrive.config.load.SettingsDump;
import dev.redrive.config.load.SettingsLoader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code redrive}. */
@Command(
    name = "redrive",
    description = "The dead-letter desk of a Kafka platform.",
    mixinStandardHelpOptions = true,
    versionProvider = CommandLineInterface.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class CommandLineInterface implements Runnable {

  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int WRONG_USE = 2;

  private final Programs programs;
  private final Map<String, String> environment;
  private final Reader in;
  private final PrintWriter out;
  private final PrintWriter err;

  private CommandLineInterface(
      Programs programs,
      Map<String, String> environment,
      Reader in,
      PrintWriter out,
      PrintWriter err) {
    this.programs = programs;
    this.environment = environment;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /**
   * Does what the arguments say.
   *
   * @return the exit code: {@link #DONE}, {@link #FAILED} or {@link #WRONG_USE}
   */
  public static int run(
      Programs programs,
      Map<String, String> environment,
      Reader in,
      PrintWriter out,
      PrintWriter err,
      String... arguments) {
    return new CommandLine(new CommandLineInterface(programs, environment, in, out, err))
        .setOut(out)
        .setErr(err)
        .execute(arguments);
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public void run() {
    new CommandLine(this).usage(out);
  }

  @Command(
      description = "Runs an instance against a Kafka cluster.",
      mixinStandardHelpOptions = true)
  int serve(
      @Option(names = "--config", paramLabel = "FILE", description = "Settings in YAML.")
          @Nullable Path config,
      @Option(
              names = "--set",
              paramLabel = "KEY=VALUE",
              description = "One setting; goes over the file and the environment.")
          @Nullable List<String> sets,
      @Option(
              names = "--show-settings",
              description = "Print the settings in force, secrets masked, and end.")
          boolean show) {
    Settings settings;
    try {
      settings =
          SettingsLoader.load(
              Optional.ofNullable(config), environment, sets == null ? List.of() : sets);
    } catch (BadSettingsException e) {
      err.println(e.getMessage());
      return WRONG_USE;
    }
    if (show) {
      SettingsDump.of(settings).forEach((key, value) -> out.println(key + ": " + value));
      return DONE;
    }
    return programs.serve().applyAsInt(settings);
  }

  @Command(
      description = "Runs broker, Redrive and a pipeline that fails, to try things out.",
      mixinStandardHelpOptions = true)
  int sandbox(
      @Option(
              names = "--http-port",
              paramLabel = "PORT",
              defaultValue = "8080",
              description = "Port of Redrive; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
          int httpPort,
      @Option(
              names = "--kafka-port",
              paramLabel = "PORT",
              defaultValue = "9092",
              description = "Port of the broker; 0 takes a free one. Default: ${DEFAULT-VALUE}.")
          int kafkaPort,
      @Option(
              names = "--data-dir",
              paramLabel = "DIR",
              description = "Where to keep everything. Default: a temporary directory.")
          @Nullable Path dataDirectory) {
    if (notPort("--http-port", httpPort) || notPort("--kafka-port", kafkaPort)) {
      return WRONG_USE;
    }
    return programs
        .sandbox()
        .applyAsInt(new SandboxOptions(httpPort, kafkaPort, Optional.ofNullable(dataDirectory)));
  }

  @Command(
      description = "Runs the sandbox's failing pipeline against a Kafka cluster.",
      mixinStandardHelpOptions = true)
  int sample(
      @Option(
              names = "--bootstrap",
              paramLabel = "HOST:PORT",
              required = true,
              description = "Brokers to begin with.")
          String bootstrap) {
    return programs.sample().applyAsInt(new SampleOptions(bootstrap));
  }

  @Command(
      description = {
        "Shows what a record of an error topic would become.",
        "Reads one record as JSON from standard input, as kcat -J prints it."
      },
      mixinStandardHelpOptions = true)
  int explain(
      @Option(
              names = "--config",
              paramLabel = "FILE",
              description = "Settings in YAML, for their pipelines and dialects.")
          @Nullable Path config) {
    Optional<Settings> settings = Optional.empty();
    try {
      if (config != null) {
        settings = Optional.of(SettingsLoader.load(Optional.of(config), environment, List.of()));
      }
    } catch (BadSettingsException e) {
      err.println(e.getMessage());
      return WRONG_USE;
    }
    return programs.explain().applyAsInt(new ExplainOptions(settings, in, out, err));
  }

  @Command(
      description = {
        "Moves all letters to a ledger with more partitions, while no instance runs.",
        "The old ledger is only read. docs/operations.md has the steps."
      },
      mixinStandardHelpOptions = true)
  int repartition(
      @Option(names = "--config", paramLabel = "FILE", description = "Settings until now, in YAML.")
          @Nullable Path config,
      @Option(
              names = "--set",
              paramLabel = "KEY=VALUE",
              description = "One setting until now; goes over the file and the environment.")
          @Nullable List<String> sets,
      @Option(
              names = "--to",
              paramLabel = "KEY=VALUE",
              required = true,
              description = {
                "One setting from now on: application-id, topics.partitions,",
                "topics.ledger and topics.control are needed."
              })
          List<String> changes) {
    List<String> before = sets == null ? List.of() : sets;
    List<String> after = new ArrayList<>(before);
    after.addAll(changes);
    try {
      return programs
          .repartition()
          .applyAsInt(
              new RepartitionOptions(
                  SettingsLoader.load(Optional.ofNullable(config), environment, before),
                  SettingsLoader.load(Optional.ofNullable(config), environment, after),
                  out,
                  err));
    } catch (BadSettingsException e) {
      err.println(e.getMessage());
      return WRONG_USE;
    }
  }

  @Command(
      name = "hash-key",
      description = "Prints the SHA-256 of an API key, for auth.keys[].sha256.",
      mixinStandardHelpOptions = true)
  int hashKey(
      @Parameters(
              arity = "0..1",
              paramLabel = "KEY",
              description = "The key. Without it, one line of standard input is taken.")
          @Nullable String argument)
      throws IOException {
    String key = argument != null ? argument : new BufferedReader(in).readLine();
    if (key == null || key.isBlank()) {
      err.println("hash-key: there is no key; give it as argument or on standard input");
      return WRONG_USE;
    }
    out.println(KeyHash.of(key).hex());
    return DONE;
  }

  private boolean notPort(String option, int port) {
    if (port >= 0 && port <= 65535) {
      return false;
    }
    err.println(option + ": " + port + " is not a port; write 0 to 65535");
    return true;
  }

  /** As it stands in the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = CommandLineInterface.class.getPackage().getImplementationVersion();
      return new String[] {"redrive " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
