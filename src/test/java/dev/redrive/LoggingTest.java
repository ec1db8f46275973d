// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.redrive.config.load.SettingsLoader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.slf4j.LoggerFactory;

/** The shipped logback.xml, not the quieter one that other tests run under. */
@ResourceLock(Resources.SYSTEM_ERR)
class LoggingTest {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(REDRIVE_\\w+)");

  @Test
  void slf4jIsBoundToLogback() {
    assertThat(LoggerFactory.getLogger(LoggingTest.class)).isInstanceOf(Logger.class);
  }

  @Test
  void textIsTheDefault() throws Exception {
    String line = logged(Map.of(), "parked 3 letters");

    assertThat(line).contains("INFO").endsWith("parked 3 letters" + System.lineSeparator());
  }

  @Test
  void textShowsWhatAMessageIsAbout() throws Exception {
    String line =
        logged(
            Map.of(),
            logger -> logger.atWarn().addKeyValue("partition", "errors-3").log("records are gone"));

    assertThat(line)
        .contains("partition=\"errors-3\"")
        .endsWith("records are gone" + System.lineSeparator());
  }

  @Test
  void anIdWithALineBreakDoesNotLookLikeTwoEvents() throws Exception {
    String line =
        logged(
            Map.of(),
            logger ->
                logger.atInfo().addKeyValue("command_id", "c\n2026-01-01 forged").log("answered"));

    assertThat(line.lines()).hasSize(1);
    assertThat(line).contains("command_id=\"c 2026-01-01 forged\"");
  }

  @Test
  void jsonIsOneObjectALine() throws Exception {
    String line = logged(Map.of("REDRIVE_LOG_FORMAT", "json"), "parked 3 letters");

    JsonNode event = new JsonMapper().readTree(line);
    assertThat(event.path("level").asText()).isEqualTo("INFO");
    assertThat(event.path("formattedMessage").asText()).isEqualTo("parked 3 letters");
  }

  @Test
  void jsonSaysByNameWhatAMessageIsAbout() throws Exception {
    String line =
        logged(
            Map.of("REDRIVE_LOG_FORMAT", "json"),
            logger ->
                logger.atInfo().addKeyValue("command_id", "c-1").log("a command is answered"));

    JsonNode about = new JsonMapper().readTree(line).path("kvpList");
    assertThat(about.path(0).path("command_id").asText()).isEqualTo("c-1");
    assertThat(line.lines()).hasSize(1);
  }

  @Test
  void aVariableSetsRedrivesOwnLevel() throws Exception {
    LoggerContext context = configured(Map.of("REDRIVE_LOG_LEVEL", "DEBUG"));

    assertThat(context.getLogger("dev.redrive.letter").getEffectiveLevel()).isEqualTo(Level.DEBUG);
    assertThat(context.getLogger("org.apache.kafka").getEffectiveLevel()).isEqualTo(Level.WARN);
  }

  /** Else a variable that is documented stops the start as an unknown setting. */
  @Test
  void theVariablesOfTheLogAreNoSettings() throws Exception {
    Map<String, String> variables = new HashMap<>();
    VARIABLE
        .matcher(Files.readString(Path.of("src", "main", "resources", "logback.xml")))
        .results()
        .forEach(named -> variables.put(named.group(1), "x"));
    assertThat(variables).containsKeys("REDRIVE_LOG_FORMAT", "REDRIVE_AUDIT_LEVEL");
    variables.put("REDRIVE_KAFKA_BOOTSTRAP_SERVERS", "broker:9092");

    SettingsLoader.load(Optional.empty(), variables, List.of());
  }

  @Test
  void theAuditHasALevelOfItsOwn() throws Exception {
    LoggerContext context = configured(Map.of("REDRIVE_AUDIT_LEVEL", "DEBUG"));

    assertThat(context.getLogger("redrive-audit").getEffectiveLevel()).isEqualTo(Level.DEBUG);
    assertThat(context.getLogger("dev.redrive").getEffectiveLevel()).isEqualTo(Level.INFO);
  }

  @Test
  void librariesSpeakOnlyFromWarn() throws Exception {
    LoggerContext context = configured(Map.of());

    assertThat(context.getLogger("dev.redrive.letter").getEffectiveLevel()).isEqualTo(Level.INFO);
    for (String library :
        new String[] {"org.apache.kafka.streams", "kafka.server", "org.eclipse.jetty", "other"}) {
      assertThat(context.getLogger(library).getEffectiveLevel()).as(library).isEqualTo(Level.WARN);
    }
  }

  private static String logged(Map<String, String> properties, String message) throws Exception {
    return logged(properties, logger -> logger.info(message));
  }

  private static String logged(Map<String, String> properties, Consumer<Logger> speaking)
      throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      LoggerContext context = configured(properties);
      speaking.accept(context.getLogger("dev.redrive.letter"));
      context.stop();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8);
  }

  private static LoggerContext configured(Map<String, String> properties) throws JoranException {
    LoggerContext context = new LoggerContext();
    properties.forEach(context::putProperty);
    context.setMDCAdapter(new LogbackMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LoggingTest.class.getResource("/logback.xml"));
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .allMatch(status -> status.getLevel() < Status.WARN);
    return context;
  }
}
