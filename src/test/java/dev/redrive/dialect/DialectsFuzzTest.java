// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.DetailCodec;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.Failure;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of all conventions, mutated: headers dropped, doubled, swapped, cut, nulls, noise. */
class DialectsFuzzTest {
  private static final int CASES = Boolean.getBoolean("redrive.full") ? 200_000 : 20_000;
  private static final FailureLimits LIMITS = new FailureLimits(FailureLimits.MIN_BYTES);
  private static final List<String> BATCHES = List.of("redrive-envelope", "aws-lambda");
  private static final List<RawRecord> OWN =
      List.of(
          DeadLetters.connect(),
          DeadLetters.connectAgain(),
          DeadLetters.streams(),
          DeadLetters.spring(),
          DeadLetters.springRetryable(),
          DeadLetters.ours(),
          Replays.record(
                  DeadLetters.read(DeadLetters.ours()).detail(),
                  DeadLetters.replay(DeadLetters.read(DeadLetters.ours()), 3))
              .orElseThrow(),
          DeadLetters.envelope(
              "{\"pipeline_id\":\"p\",\"value\":\"YQ==\",\"error\":{\"code\":\"c\"}}"),
          DeadLetters.envelope(
              "{\"records\":[{\"payload\":{\"a\":[1]},\"metadata\":{}},{\"value\":null,"
                  + "\"headers\":[{\"name\":\"redrive-attempt\",\"value\":\"MQ==\"}]}],"
                  + "\"http\":{\"header\":{\"a\":\"b\"},\"response\":{\"status\":500}}}"));
  private static final List<RawRecord> SEEDS = seeds();
  private static final List<Header> HEADERS =
      SEEDS.stream().flatMap(seed -> seed.headers().stream()).toList();
  private static final List<String> NAMES = Dialects.names();

  /** Topics that are set to each dialect, whatever their records are. */
  private static final DialectRules RULES =
      DialectRules.of(Map.of(), NAMES.stream().collect(toMap(name -> name, name -> name)), false);

  private static List<RawRecord> seeds() {
    List<RawRecord> seeds = new ArrayList<>(OWN);
    Samples.all().map(Sample::first).forEach(seeds::add);
    seeds.addAll(OtherDeadLetters.byHeader().values());
    seeds.addAll(OtherDeadLetters.byValue().values());
    return seeds;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20261122})
  void neverThrowsAndAlwaysKeepsTheRecord(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < CASES / 2; i++) {
      RawRecord raw = mutated(random);
      Inbound inbound =
          new Inbound(
              raw,
              DeadLetters.TOPIC_ID,
              random.nextInt(3) == 0 ? NAMES.get(random.nextInt(NAMES.size())) : "errors",
              0,
              i,
              random.nextInt(4) == 0 ? -1 : random.nextLong(),
              DeadLetters.ARRIVED_AT);
      check(inbound, "seed " + seed + ", case " + i);
    }
  }

  private static void check(Inbound inbound, String where) {
    List<Failure> failures = Dialects.read(inbound, RULES);
    assertThat(failures).as(where).isNotEmpty();
    assertThat(ExplanationJson.of(Explanation.of(inbound, RULES)).get("letter_count").asInt())
        .as(where)
        .isEqualTo(failures.size());
    for (Failure failure : failures) {
      FailureFacts facts = failure.facts();
      RawRecord kept = failure.detail().raw();
      if (!kept.equals(inbound.raw())) {
        // The bytes of one record out of a batch.
        assertThat(failure.detail().dialect()).as(where).isIn(BATCHES);
        assertThat(inbound.raw().value().text()).as(where).contains(kept.value().text());
      }
      assertThat(facts.pipelineId().length()).as(where).isBetween(1, FailureFacts.MAX_PIPELINE_ID);
      assertThat(facts.recordId().length()).as(where).isBetween(1, FailureFacts.MAX_RECORD_ID);
      assertThat(facts.failedAt()).as(where).isLessThanOrEqualTo(facts.arrivedAt() + 300_000);
      assertThat(facts.firstFailedAt()).as(where).isLessThanOrEqualTo(facts.failedAt());
      Failure fit = LIMITS.fit(failure);
      byte[] stored = DetailCodec.encode(fit.detail());
      assertThat(stored.length).as(where).isLessThan(FailureLimits.MIN_BYTES);
      assertThat(DetailCodec.decode(stored).raw()).as(where).isEqualTo(fit.detail().raw());
      Replays.record(failure.detail(), DeadLetters.replay(failure, 1))
          .ifPresent(sent -> assertThat(sent.headers()).as(where).isNotEmpty());
    }
  }

  private static RawRecord mutated(Random random) {
    RawRecord seed = SEEDS.get(random.nextInt(SEEDS.size()));
    List<Header> headers = new ArrayList<>(seed.headers());
    RawBytes key = random.nextInt(5) == 0 ? null : seed.key();
    RawBytes value = seed.value();
    int mutations = random.nextInt(6);
    for (int m = 0; m < mutations; m++) {
      if (random.nextInt(4) == 0) {
        value = mutated(value, random);
      } else {
        mutate(headers, random);
      }
    }
    return new RawRecord(key, value, headers);
  }

  private static void mutate(List<Header> headers, Random random) {
    if (headers.isEmpty()) {
      headers.add(anyHeader(random));
      return;
    }
    int at = random.nextInt(headers.size());
    Header header = headers.get(at);
    int to = random.nextInt(headers.size());
    switch (random.nextInt(9)) {
      case 0 -> headers.remove(at);
      case 1 -> headers.add(to, header);
      case 2 -> headers.add(to, anyHeader(random));
      case 3 -> headers.set(at, new Header(header.name(), null));
      case 4 -> headers.set(at, new Header(header.name(), anyHeader(random).value()));
      case 5 -> headers.set(at, new Header(header.name() + "x", header.value()));
      case 6 -> headers.addAll(SEEDS.get(random.nextInt(SEEDS.size())).headers());
      case 7 -> headers.set(at, headers.set(to, header));
      default -> headers.set(at, new Header(header.name(), mutated(header.value(), random)));
    }
  }

  private static Header anyHeader(Random random) {
    return HEADERS.get(random.nextInt(HEADERS.size()));
  }

  private static RawBytes mutated(RawBytes value, Random random) {
    byte[] bytes = value == null ? new byte[random.nextInt(12)] : value.array().clone();
    switch (random.nextInt(5)) {
      case 0 -> {
        return null;
      }
      case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(2_000));
      case 3 -> random.nextBytes(bytes);
      default -> {
        for (int i = 0; i < 3 && bytes.length > 0; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
    }
    return RawBytes.of(bytes);
  }
}
