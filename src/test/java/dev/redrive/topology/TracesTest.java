// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static dev.redrive.topology.TopologyFixture.RETRY;
import static dev.redrive.topology.TopologyFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.redrive.command.Answer;
import dev.redrive.letter.LetterId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** A trace goes on over a replay, and the audit and the log say which it is. */
class TracesTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";
  private static final Map<String, String> AUTOMATIC =
      Map.of("pipelines[0].id", "by-itself", "pipelines[0].retry.delays", "1s");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("redrive-audit");

  @TempDir private Path directory;
  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive = new TopologyFixture(directory, AUTOMATIC);
    log.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    logger.setLevel(null);
    redrive.close();
  }

  @Test
  void aReplayKeepsItsTrace() {
    Answer answer = redrive.replay(fail("billing"));

    assertThat(answer.accepted()).isTrue();
    assertInTheTrace();
  }

  @Test
  void soIsTheCommandThatSentIt() {
    redrive.replay(fail("billing"));

    assertThat(header(event("command.accepted"), "ce_traceparent")).isEqualTo(PARENT);
  }

  @Test
  void soDoesOneOfARun() {
    fail("billing");
    redrive.command("{\"type\":\"replay\",\"filter\":{\"pipeline_id\":\"billing\"}}");
    pass(5);

    assertInTheTrace();
  }

  @Test
  void soDoesAnAutomaticOne() {
    fail("by-itself");
    pass(5);

    assertInTheTrace();
  }

  @Test
  void theLogNamesTheTraceOfWhatACommandSent() {
    redrive.replay(fail("billing"));
    redrive.replay(redrive.fail("billing", "r-2"));

    List<ILoggingEvent> commands =
        log.list.stream()
            .filter(
                line ->
                    line.getKeyValuePairs().stream()
                        .anyMatch(pair -> pair.value.equals("dev.redrive.command.accepted.v1")))
            .toList();
    assertThat(commands).hasSize(2);
    assertThat(commands.get(0).getKeyValuePairs())
        .anyMatch(pair -> pair.key.equals("trace_id") && pair.value.equals(ID));
    assertThat(commands.get(1).getKeyValuePairs())
        .extracting((KeyValuePair pair) -> pair.key)
        .contains("letter_id", "run_id", "command_id")
        .doesNotContain("trace_id");
  }

  @Test
  void aRecordWithoutATraceGetsNone() {
    redrive.replay(redrive.fail("billing", "r-1", "traceparent", "broken"));

    assertThat(header(redrive.sent(RETRY).get(0), "traceparent")).isEqualTo("broken");
    assertThat(event("letter.replayed").headers().lastHeader("ce_traceparent")).isNull();
  }

  private LetterId fail(String pipeline) {
    return redrive.fail(pipeline, "r-1", "traceparent", PARENT, "tracestate", "vendor=1");
  }

  private void assertInTheTrace() {
    List<TestRecord<byte[], byte[]>> sent = redrive.sent(RETRY);
    assertThat(sent).hasSize(1);
    assertThat(header(sent.get(0), "traceparent")).isEqualTo(PARENT);
    assertThat(header(sent.get(0), "tracestate")).isEqualTo("vendor=1");
    assertThat(header(event("letter.replayed"), "ce_traceparent")).isEqualTo(PARENT);
  }

  private TestRecord<byte[], byte[]> event(String what) {
    return redrive.sent("redrive-events").stream()
        .filter(event -> header(event, "ce_type").equals("dev.redrive." + what + ".v1"))
        .findAny()
        .orElseThrow();
  }

  private void pass(int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      redrive.advance(Duration.ofMillis(100));
    }
  }
}
