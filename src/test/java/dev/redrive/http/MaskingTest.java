// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.redrive.codec.EventJson;
import dev.redrive.codec.EventJson.Cause;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import dev.redrive.letter.Transitions;
import dev.redrive.preview.Masks;
import dev.redrive.query.MemoryLedger;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Tries every door by which something of a letter leaves the process. A new door is one more row in
 * {@link #doors}.
 */
@Timeout(60)
@Isolated("listens to the root logger")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MaskingTest {
  private static final String IBAN = "DE02120300000000202051";
  private static final String TOKEN = "tok-8412";
  private static final String CARD = "4111111111111111";
  private static final List<String> SECRETS = List.of(IBAN, TOKEN, CARD);
  private static final Settings SETTINGS =
      SettingsLoader.of(
          Map.of(
              "pipelines[0].id", "a",
              "pipelines[0].masks.paths", "$.customer.iban",
              "pipelines[0].masks.headers", "x-token",
              "pipelines[0].masks.texts", "\\d{16}"));
  private static final FailureFacts FACTS = MemoryLedger.facts("a", "json", 1_000, "c");
  private static final FailureFacts OTHER = MemoryLedger.facts("a", "other", 2_000, "c");

  private final ListAppender<ILoggingEvent> logs = new ListAppender<>();
  private Api api;
  private LetterId json;
  private LetterId other;

  /**
   * A door.
   *
   * @param shown what comes out of it for a key, for the letters of this test
   * @param full whether those who may reveal find every secret there
   */
  record Door(String name, boolean full, Shown shown) {
    @Override
    public String toString() {
      return name;
    }
  }

  @FunctionalInterface
  interface Shown {
    String to(MaskingTest test, String key);
  }

  static Stream<Door> doors() {
    return Stream.of(
        new Door("list", false, (test, key) -> test.get("/api/dlq", key)),
        new Door(
            "list of a pipeline", false, (test, key) -> test.get("/api/dlq?pipeline_id=a", key)),
        new Door(
            "get and preview",
            true,
            (test, key) ->
                test.get("/api/dlq/" + test.json, key) + test.get("/api/dlq/" + test.other, key)),
        new Door("statistics", false, (test, key) -> test.get("/api/dlq/stats", key)),
        new Door("events", false, (test, key) -> event()),
        new Door("search in lists", true, (test, key) -> test.listed(key)),
        new Door("search", true, (test, key) -> found(!key.equals(Api.ADMIN))));
  }

  @BeforeAll
  void start() throws IOException {
    logs.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(logs);
    ((Logger) LoggerFactory.getLogger("dev.redrive")).setLevel(Level.TRACE);
    api = Api.start(SETTINGS);
    json = api.ledger.put(FACTS, detail("{\"customer\": {\"iban\": \"" + IBAN + "\"}, \"n\": 7}"));
    other = api.ledger.put(OTHER, detail("no JSON, but with " + IBAN));
  }

  @AfterAll
  void stop() {
    api.close();
    ((Logger) LoggerFactory.getLogger("dev.redrive")).setLevel(null);
    ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(logs);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void nothingHiddenComesOutOfADoor(Door door) {
    for (String key : List.of(Api.VIEWER, Api.OPERATOR, Api.ONLY_A)) {
      assertThat(door.shown().to(this, key)).isNotEmpty().doesNotContain(SECRETS);
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void whoMayRevealSeesIt(Door door) {
    if (door.full()) {
      assertThat(door.shown().to(this, Api.ADMIN)).contains(IBAN, CARD);
    }
  }

  @Test
  void whatIsHiddenWholeSaysWhy() {
    var data = api.call("GET", "/api/dlq/" + other, Api.VIEWER, null).json().at("/data");
    assertThat(data.at("/payload/hidden").asText()).contains("not JSON");
    assertThat(data.at("/row_preview/hidden").asText()).contains("not JSON");
    assertThat(data.at("/preview/format").asText()).isEqualTo("hidden");
    data = api.call("GET", "/api/dlq/" + json, Api.VIEWER, null).json().at("/data");
    assertThat(data.at("/payload/customer/iban").asText()).isEqualTo("***");
    assertThat(data.at("/payload/n").asInt()).isEqualTo(7);
    assertThat(data.at("/error_message").asText()).isEqualTo("card *** declined");
  }

  /** Last among what this class does with letters, so that all of it was logged. */
  @AfterAll
  void nothingHiddenIsLogged() {
    for (ILoggingEvent event : List.copyOf(logs.list)) {
      String line =
          event.getFormattedMessage()
              + event.getKeyValuePairs()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy()));
      assertThat(line).doesNotContain(SECRETS);
    }
  }

  private String get(String path, String key) {
    return api.call("GET", path, key, null).text();
  }

  /** The secrets of which a part is found by asking the list for it. */
  private String listed(String key) {
    StringBuilder found = new StringBuilder("found: ");
    for (String secret : SECRETS) {
      for (String where : List.of("error_message", "payload", "header")) {
        String path = "/api/dlq?" + where + "=" + secret.substring(0, 5);
        found.append(api.call("GET", path, key, null).json().at("/data").isEmpty() ? "" : secret);
      }
    }
    return found.toString();
  }

  private static List<LetterFilter.Text> texts(String secret) {
    String part = secret.substring(0, 5);
    return List.of(
        new LetterFilter.Text(part, null, null, null),
        new LetterFilter.Text(null, null, part, null),
        new LetterFilter.Text(null, null, null, part));
  }

  private static String event() {
    var head = Transitions.failed(null, FACTS, FACTS.failedAt()).head();
    EventJson.Event event =
        new EventJson("redrive")
            .letter(LetterEvent.FAILED, FACTS.letterId(), head, Cause.UNKNOWN, 1, 1_000);
    return event.value().text() + event.headers();
  }

  /** The secrets of which a part is found by searching in any of the texts. */
  private static String found(boolean masked) {
    Masks masks = Masks.of(SETTINGS);
    var head = Transitions.failed(null, FACTS, FACTS.failedAt()).head();
    FailureDetail detail = detail("{\"customer\": {\"iban\": \"" + IBAN + "\"}}");
    StringBuilder found = new StringBuilder("found: ");
    for (String secret : SECRETS) {
      for (LetterFilter.Text text : texts(secret)) {
        LetterFilter filter = LetterFilter.ALL.with(text).asMasked(masked);
        found.append(LetterMatcher.of(filter, masks).fits(head, detail) ? secret : "");
      }
    }
    return found.toString();
  }

  private static FailureDetail detail(String payload) {
    return new FailureDetail(
        new RawRecord(
            RawBytes.utf8("k"),
            RawBytes.utf8(payload),
            List.of(
                Header.utf8("X-Token", TOKEN),
                Header.utf8("redrive-error-message", "card " + CARD + " declined"))),
        "native",
        List.of("native"),
        new FailureError("c", "card " + CARD + " declined", "E", "E", "E: " + TOKEN + " " + CARD),
        Source.UNKNOWN,
        "{\"token\": \"" + TOKEN + "\", \"card\": " + CARD + "}",
        null,
        List.of(),
        null);
  }
}
