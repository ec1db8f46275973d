// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Letters and filters of few values, so that they meet; some values have equal hashes, are the
 * start of others, hold zeros, or are long.
 */
final class RandomLetters {
  private static final long SPAN = 5L * 24 * 3_600_000;
  private static final String LONG = "https://example.com/" + "x".repeat(60);
  private static final String[] IPS = {"10.0.0.1", "10.0.0.10", "::1"};
  private static final String[] STATES = {"CALLBACK_FAIL", "CALLBACK_SUCCESS"};

  /** Of each attribute the values that letters have, and one that none has. */
  private static final Map<Attribute, List<String>> VALUES =
      Map.ofEntries(
          Map.entry(Attribute.PIPELINE, List.of("pipeline", "pipelinex", "pipelinexx", "pipe")),
          Map.entry(Attribute.RECORD, records()),
          Map.entry(Attribute.CONNECTION, List.of("Aa", "BB", "none")),
          Map.entry(Attribute.ERROR_CODE, List.of("code\0Aa", "code\0BB", "code\0", "none")),
          Map.entry(Attribute.STATUS, List.of("pending", "retrying", "parked")),
          Map.entry(Attribute.ORIGIN, List.of("pipeline", "manual")),
          Map.entry(Attribute.FAILURE_KIND, List.of("exception", "verification")),
          Map.entry(Attribute.LAST_RUN, List.of("run_1", "run_2", "run_none")),
          Map.entry(Attribute.GROUP, List.of("g_Aa", "g_BB", "g_none")),
          Map.entry(Attribute.LABEL, List.of("label-0", "label-1", "label-39", "none")),
          Map.entry(Attribute.SOURCE_TOPIC, List.of("orders", "payments", "none")),
          Map.entry(Attribute.WORKFLOW_RUN, List.of("wfr_1", "wfr_2", "wfr_none")),
          Map.entry(Attribute.WORKFLOW_URL, List.of(LONG + "1", LONG + "2", LONG)),
          Map.entry(Attribute.FLOW_CONTROL_KEY, List.of("Aa", "BB", "none")),
          Map.entry(Attribute.CALLER_IP, List.of(IPS[0], IPS[1], IPS[2], "none")),
          Map.entry(Attribute.FAILURE_FUNCTION_STATE, List.of(STATES[0], STATES[1])),
          Map.entry(Attribute.DIALECT, List.of("native", "spring")),
          Map.entry(Attribute.WORKFLOW_CREATED_AT, List.of("1", "2", "3")),
          Map.entry(Attribute.RESPONSE_STATUS, List.of("500", "502", "404")),
          Map.entry(Attribute.MESSAGE_ID, List.of("msg_1", "msg_2", "msg_none")),
          Map.entry(Attribute.URL, List.of("u1", "u2", "none")),
          Map.entry(Attribute.TOPIC_NAME, List.of("t1", "t2", "none")),
          Map.entry(Attribute.QUEUE_NAME, List.of("q1", "q2", "none")),
          Map.entry(Attribute.SCHEDULE, List.of("s1", "s2", "none")));

  private final Random random;

  RandomLetters(Random random) {
    this.random = random;
  }

  Letter letter(long offset, long change) {
    long failedAt = time();
    boolean http = random.nextInt(3) == 0;
    FailureFacts facts =
        new FailureFacts(
            one("pipeline", "pipelinex", "pipelinexx"),
            "record-" + random.nextInt(60),
            random.nextInt(5) == 0 ? Origin.MANUAL : Origin.PIPELINE,
            random.nextInt(5) == 0 ? FailureKind.VERIFICATION : FailureKind.EXCEPTION,
            maybe("Aa", "BB"),
            maybe("code\0Aa", "code\0BB", "code\0"),
            maybe("g_Aa", "g_BB"),
            null,
            failedAt,
            failedAt,
            failedAt,
            null,
            labels(),
            maybe("orders", "payments"),
            Fidelity.ORIGINAL,
            new DeadLetterPosition(Letters.ERRORS, "errors", 0, offset, 0, failedAt),
            null,
            http ? httpFacts() : null);
    LetterHead head =
        new LetterHead(
            facts,
            failedAt,
            failedAt,
            failedAt,
            1,
            0,
            List.of(),
            maybe("run_1", "run_2"),
            LetterState.Pending.PLAIN,
            change);
    return new Letter(facts.letterId(), head, detail(http));
  }

  /** A time at which letters fail, or one right beside it. */
  long time() {
    return Letters.MONDAY + random.nextLong() % SPAN / 600_000 * 600_000 + random.nextInt(2);
  }

  /** Anything from no filter to several together. */
  LetterFilter filter() {
    LetterFilter filter = LetterFilter.ALL;
    List<Attribute> attributes = List.copyOf(VALUES.keySet());
    for (int i = random.nextInt(4); i > 0; i--) {
      Attribute attribute = attributes.get(random.nextInt(attributes.size()));
      filter = filter.with(attribute, asked(attribute));
    }
    if (random.nextInt(3) == 0) {
      filter = filter.with(text());
    }
    return filter.between(
        random.nextInt(3) == 0 ? time() : Long.MIN_VALUE,
        random.nextInt(3) == 0 ? time() : Long.MAX_VALUE);
  }

  /** One attribute alone. */
  LetterFilter filter(Attribute attribute) {
    return LetterFilter.ALL.with(attribute, asked(attribute));
  }

  private Set<String> asked(Attribute attribute) {
    List<String> values = VALUES.get(attribute);
    Set<String> asked = new HashSet<>();
    for (int i = attribute == Attribute.RECORD ? 30 : 1 + random.nextInt(2); i > 0; i--) {
      asked.add(values.get(random.nextInt(values.size())));
    }
    return asked;
  }

  private LetterFilter.Text text() {
    return new LetterFilter.Text(
        random.nextInt(3) == 0 ? one("too long", "broke", "ö") : null,
        random.nextInt(3) == 0 ? one("-[0-4]", "^record-1", "5$") : null,
        random.nextInt(3) == 0 ? one("value", "ü", "") : null,
        random.nextInt(3) == 0 ? one("trace", "id-1") : null);
  }

  private FailureDetail detail(boolean http) {
    List<Header> headers =
        random.nextBoolean()
            ? List.of()
            : List.of(new Header("trace", null), Header.utf8("t", "id-" + random.nextInt(3)));
    String code = maybe("timeout", "code");
    return new FailureDetail(
        new RawRecord(null, maybeBytes("a value", "ümlaut", ""), headers),
        one("native", "spring"),
        List.of("native"),
        new FailureError(code, maybe("it took too long", "it bröke", "it broke"), null, null, null),
        new Source("orders", 0, 1L, 1L, null),
        null,
        http ? delivery() : null,
        List.of(),
        null);
  }

  private HttpFacts httpFacts() {
    return new HttpFacts(
        maybe("wfr_1", "wfr_2"),
        maybe(LONG + "1", LONG + "2"),
        maybe("Aa", "BB"),
        maybe(IPS),
        maybe(STATES));
  }

  private HttpDelivery delivery() {
    Integer status = random.nextBoolean() ? null : 500 + 2 * random.nextInt(2);
    return new HttpDelivery(
        maybe("msg_1", "msg_2"),
        random.nextBoolean() ? null : 1L + random.nextInt(2),
        maybe("u1", "u2"),
        null,
        Map.of(),
        null,
        null,
        null,
        null,
        new HttpDelivery.Response(status, Map.of(), null),
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        Map.of(),
        HttpDelivery.Response.NONE,
        maybe("t1", "t2"),
        null,
        maybe("q1", "q2"),
        maybe("s1", "s2"));
  }

  /** None, some, one twice, or more than index rows hold. */
  private List<String> labels() {
    return switch (random.nextInt(6)) {
      case 0 -> List.of();
      case 1 -> List.of("label-1", "label-0", "label-1");
      case 2 -> IntStream.range(0, 40).mapToObj(i -> "label-" + i).toList();
      default -> List.of("label-" + random.nextInt(3));
    };
  }

  private RawBytes maybeBytes(String... texts) {
    String text = maybe(texts);
    return text == null ? null : RawBytes.utf8(text);
  }

  private String maybe(String... values) {
    return random.nextInt(4) == 0 ? null : one(values);
  }

  private String one(String... values) {
    return values[random.nextInt(values.length)];
  }

  private static List<String> records() {
    List<String> records = new ArrayList<>();
    IntStream.range(0, 62).forEach(i -> records.add("record-" + i));
    return records;
  }
}
