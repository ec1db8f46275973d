// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.codec.DetailCodec;
import dev.redrive.codec.LetterRow;
import dev.redrive.filter.Attribute;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The letters of the store's benchmark: number by number the same in every run. 50 pipelines, 30
 * codes, 2,000 groups and 200 runs, each by Zipf's law; 0 to 3 labels of 40; one in ten a failed
 * HTTP delivery; one in 20 retrying, one in 50 parked, one in 100 added by hand, one in 25 a failed
 * verification. Their failures lie evenly in 30 days.
 */
final class BenchLetters {
  static final long START = 1_767_607_200_000L;
  static final long SPAN = 30L * 24 * 3_600_000;

  private static final Zipf PIPELINES = new Zipf(50);
  private static final Zipf CODES = new Zipf(30);
  private static final Zipf GROUPS = new Zipf(2_000);
  private static final Zipf RUNS = new Zipf(200);
  private static final Zipf WORKFLOWS = new Zipf(100);

  private final int count;

  BenchLetters(int count) {
    this.count = count;
  }

  /** Ranks from 0, of which the n-th comes 1/(n+1) as often as the first. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Zipf(double[] sums) {
    Zipf(int values) {
      this(new double[values]);
      double sum = 0;
      for (int i = 0; i < values; i++) {
        sum += 1.0 / (i + 1);
        sums[i] = sum;
      }
    }

    int next(SplittableRandom random) {
      int at = Arrays.binarySearch(sums, random.nextDouble(sums[sums.length - 1]));
      return at < 0 ? -at - 1 : at;
    }
  }

  /** How many letters of this kind there are; more may be made. */
  int count() {
    return count;
  }

  long failedAt(int number) {
    return START + (long) ((double) number / count * SPAN);
  }

  /** Some value of the attribute, each as likely as any other. */
  static String value(Attribute attribute, SplittableRandom random, int count) {
    return switch (attribute) {
      case PIPELINE -> "pipeline-" + random.nextInt(50);
      case CONNECTION -> "connection-" + random.nextInt(20);
      case ERROR_CODE -> "code_" + random.nextInt(30);
      case STATUS -> List.of("pending", "retrying", "parked").get(random.nextInt(3));
      case ORIGIN -> List.of("pipeline", "manual").get(random.nextInt(2));
      case FAILURE_KIND -> List.of("exception", "verification").get(random.nextInt(2));
      case LAST_RUN -> "run_" + random.nextInt(200);
      case GROUP -> group(random.nextInt(2_000));
      case LABEL -> "label-" + random.nextInt(40);
      case WORKFLOW_RUN -> "wfr_" + random.nextInt(count) / 10 * 10;
      case WORKFLOW_URL -> workflow(random.nextInt(100));
      case FLOW_CONTROL_KEY -> "key-" + random.nextInt(30);
      case CALLER_IP -> "10.0.0." + random.nextInt(200);
      case FAILURE_FUNCTION_STATE -> state(random);
      default -> throw new IllegalArgumentException("no list by " + attribute);
    };
  }

  FailureFacts facts(int number) {
    SplittableRandom random = new SplittableRandom(number);
    long failedAt = failedAt(number);
    List<String> labels = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      labels.add("label-" + random.nextInt(40));
    }
    return new FailureFacts(
        "pipeline-" + PIPELINES.next(random),
        "orders-" + number % 8 + "-" + number,
        random.nextInt(100) == 0 ? Origin.MANUAL : Origin.PIPELINE,
        random.nextInt(25) == 0 ? FailureKind.VERIFICATION : FailureKind.EXCEPTION,
        "connection-" + random.nextInt(20),
        "code_" + CODES.next(random),
        group(GROUPS.next(random)),
        null,
        failedAt,
        failedAt,
        failedAt,
        3,
        labels,
        "orders-" + random.nextInt(8),
        Fidelity.ORIGINAL,
        new DeadLetterPosition(new UUID(1, 1), "redrive-errors", 0, number, 0, failedAt),
        null,
        number % 10 == 0 ? http(number, random) : null);
  }

  LetterHead head(int number) {
    SplittableRandom random = new SplittableRandom(~number);
    FailureFacts facts = facts(number);
    long at = facts.failedAt();
    LetterState state =
        switch (random.nextInt(100)) {
          case 0, 1, 2, 3, 4 -> new LetterState.Retrying("run_1", 1, at, at + 1_000, "retry");
          case 5, 6 -> new LetterState.Parked("attempts used up");
          default -> LetterState.Pending.PLAIN;
        };
    String run = random.nextInt(2) == 0 ? "run_" + RUNS.next(random) : null;
    return new LetterHead(facts, at, at, at, 1, 0, List.of(), run, state, number + 1);
  }

  byte[] row(int number) {
    return LetterRow.encode(head(number), DetailCodec.encode(detail(number)));
  }

  private static FailureDetail detail(int number) {
    SplittableRandom random = new SplittableRandom(31L * number);
    List<Header> headers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      headers.add(Header.utf8("header-name-" + i, "value-" + random.nextInt(1_000_000)));
    }
    StringBuilder json = new StringBuilder("{");
    while (json.length() < 550) {
      json.append(json.length() > 1 ? "," : "")
          .append("\"field")
          .append(random.nextInt(40))
          .append("\":")
          .append(random.nextInt());
    }
    json.append('}');
    return new FailureDetail(
        new RawRecord(RawBytes.utf8("key-" + number), RawBytes.utf8(json.toString()), headers),
        "spring",
        List.of("spring"),
        new FailureError("code", "it failed " + random.nextLong(), "a.b.C", "a.b.D", null),
        new Source("orders", 0, (long) number, 1L, "group"),
        null,
        number % 10 == 0 ? delivery(number, random) : null,
        List.of(),
        null);
  }

  private static HttpFacts http(int number, SplittableRandom random) {
    return new HttpFacts(
        "wfr_" + number,
        workflow(WORKFLOWS.next(random)),
        "key-" + random.nextInt(30),
        "10.0.0." + random.nextInt(200),
        state(random));
  }

  private static HttpDelivery delivery(int number, SplittableRandom random) {
    return new HttpDelivery(
        "msg_" + number,
        START,
        "https://api.example.com/step/" + random.nextInt(50),
        "POST",
        Map.of("content-type", List.of("application/json")),
        3,
        null,
        null,
        START,
        new HttpDelivery.Response(500 + random.nextInt(5), Map.of(), null),
        null,
        null,
        null,
        null,
        Map.of(),
        null,
        Map.of(),
        HttpDelivery.Response.NONE,
        null,
        null,
        null,
        null);
  }

  private static String group(int number) {
    return "grp_1_" + Long.toHexString(number * 0x9E3779B97F4A7C15L);
  }

  private static String workflow(int number) {
    return "https://workflows.example.com/team-" + number % 7 + "/workflow-" + number;
  }

  private static String state(SplittableRandom random) {
    return List.of("CALLBACK_FAIL", "CALLBACK_SUCCESS", "CALLBACK_INPROGRESS", "CALLBACK_CANCELED")
        .get(random.nextInt(4));
  }
}
