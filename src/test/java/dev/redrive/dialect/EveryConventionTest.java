// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static dev.redrive.dialect.DeadLetters.read;
import static dev.redrive.dialect.DeadLetters.record;
import static dev.redrive.dialect.DeadLetters.replay;
import static dev.redrive.dialect.DeadLetters.utf8;
import static dev.redrive.dialect.DeadLetters.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.dialect.Sample.Numbers;
import dev.redrive.dialect.Sample.Trip;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that hold whoever wrote the record. */
class EveryConventionTest {
  /** Proven by a value or by the settings alone, so tested where those are. */
  private static final Set<String> NOT_BY_HEADERS =
      Set.of(
          "redrive-envelope", "kstreamplify", "dlq-headers", "x-dlq-headers", "dlq-dotted-headers");

  static Stream<Sample> samples() {
    return Samples.all();
  }

  @Test
  void eachHasASample() {
    List<String> sampled = new ArrayList<>(Samples.all().map(Sample::dialect).toList());
    sampled.addAll(OtherDeadLetters.byHeader().keySet());
    sampled.addAll(OtherDeadLetters.byValue().keySet());
    assertThat(sampled)
        .containsAll(
            Dialects.names().stream().filter(name -> !NOT_BY_HEADERS.contains(name)).toList());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void isRecognisedAndReadWithoutWarnings(Sample sample) {
    Failure failure = read(sample.first());

    assertThat(failure.detail().dialect()).isEqualTo(sample.dialect());
    assertThat(failure.detail().conventions()).containsExactly(sample.dialect());
    assertThat(failure.detail().raw()).isEqualTo(sample.first());
    if (sample.tellsOfPlaces()) {
      assertThat(failure.facts().recordId()).isEqualTo("orders-3-17");
      assertThat(failure.facts().sourceTopic()).isEqualTo("orders");
      assertThat(failure.detail().warnings()).isEmpty();
    }
  }

  /** Also where somebody replayed it with its headers on: which duplicate is newest differs. */
  @ParameterizedTest
  @MethodSource("samples")
  void afterAnotherTripTellsOfTheNewestFailure(Sample sample) {
    Failure first = read(sample.first());
    Failure again = read(sample.again());

    assertThat(again.detail().dialect()).isEqualTo(sample.dialect());
    if (first.detail().error().className() != null) {
      assertThat(first.detail().error().className()).isEqualTo("a.First");
      assertThat(again.detail().error().className()).isEqualTo("b.Second");
      assertThat(again.detail().error().message()).isEqualTo("of b.Second");
    }
    if (sample.tellsOfPlaces()) {
      boolean lost = sample.trip() == Trip.REPLACES;
      assertThat(again.facts().recordId()).isEqualTo(lost ? "orders-retry-1-5" : "orders-3-17");
      assertThat(again.facts().sourceTopic())
          .isEqualTo(sample.trip() == Trip.KEEPS_ORIGIN ? "orders" : "orders-retry");
    }
  }

  /** Four digits are four bytes, and eight are eight: a length says nothing. */
  @ParameterizedTest
  @MethodSource("samples")
  void theEncodingOfANumberIsTheConventionsAndNotGuessed(Sample sample) {
    if (!sample.tellsOfPlaces()) {
      return;
    }
    RawRecord raw =
        with(
            with(sample.first(), utf8(sample.partition(), "1234")),
            utf8(sample.offset(), "12345678"));
    boolean decimal = sample.numbers() == Numbers.DECIMAL;

    Failure failure = read(raw);
    assertThat(failure.detail().source().partition()).isEqualTo(decimal ? 1234 : 0x31323334);
    assertThat(failure.detail().source().offset())
        .isEqualTo(decimal ? 12_345_678L : 0x3132333435363738L);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aMalformedNumberIsAWarningWithoutTheValue(Sample sample) {
    if (!sample.tellsOfPlaces()) {
      return;
    }
    Failure failure = read(with(sample.first(), utf8(sample.offset(), "secret")));

    assertThat(failure.detail().dialect()).isEqualTo(sample.dialect());
    assertThat(failure.detail().source().offset()).isNull();
    assertThat(failure.facts().recordId()).isEqualTo("errors-1-42");
    assertThat(failure.detail().warnings())
        .anyMatch(warning -> warning.contains(sample.offset()))
        .noneMatch(warning -> warning.contains("secret"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void anyHeaderMayHaveANullValueOrBeMissingOrNoise(Sample sample) {
    List<Header> headers = sample.first().headers();
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.get(i).name();
      List<Header> without = new ArrayList<>(headers);
      without.remove(i);
      keeps(without);
      keeps(replaced(headers, i, new Header(name, null)));
      keeps(replaced(headers, i, new Header(name, RawBytes.of(new byte[0]))));
      keeps(replaced(headers, i, new Header(name, RawBytes.of(new byte[] {-1, -2, -3}))));
    }
  }

  private static void keeps(List<Header> headers) {
    RawRecord raw = record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers);
    Failure failure = read(raw);
    assertThat(failure.detail().raw()).isEqualTo(raw);
    assertThat(Replays.payload(failure.detail())).isPresent();
  }

  private static List<Header> replaced(List<Header> headers, int index, Header header) {
    List<Header> all = new ArrayList<>(headers);
    all.set(index, header);
    return all;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aReplaySendsTheRecordsOwnHeadersAndNothingOfTheFailure(Sample sample) {
    for (RawRecord raw : List.of(sample.first(), sample.again())) {
      Failure failure = read(raw);
      RawRecord sent = Replays.record(failure.detail(), replay(failure, 1)).orElseThrow();

      assertThat(sent.key()).isEqualTo(raw.key());
      assertThat(sent.value()).isEqualTo(raw.value());
      assertThat(sent.headers().subList(0, Sample.BUSINESS.size())).isEqualTo(Sample.BUSINESS);
      assertThat(sent.headers().subList(Sample.BUSINESS.size(), sent.headers().size()))
          .allMatch(header -> header.name().startsWith("redrive-"));
    }
  }

  /** An application of one kind fails what another kind's dead letters were sent to by hand. */
  @ParameterizedTest
  @MethodSource("samples")
  void ofSeveralOnOneRecordTheNewestTellsAndAllAreStripped(Sample older) {
    for (Sample newer : samples().filter(sample -> !shareNames(sample, older)).toList()) {
      boolean prepends = newer.trip() == Trip.PREPENDS;
      if (older.trip() == Trip.PREPENDS && !prepends) {
        // Its headers stand first either way; nothing can tell which came later.
        continue;
      }
      List<Header> headers =
          prepends
              ? Sample.joined(own(newer), older.first().headers())
              : Sample.joined(older.first().headers(), own(newer));
      RawRecord raw = record(RawBytes.utf8("k"), RawBytes.utf8("v"), headers);
      Failure failure = read(raw);

      String both = older + ", then " + newer;
      assertThat(failure.detail().dialect()).as(both).isEqualTo(newer.dialect());
      assertThat(failure.detail().conventions())
          .as(both)
          .containsExactly(newer.dialect(), older.dialect());
      assertThat(Replays.payload(failure.detail()).orElseThrow().headers())
          .as(both)
          .isEqualTo(Sample.BUSINESS);
    }
  }

  private static List<Header> own(Sample sample) {
    return sample.block().of("orders", 3, 17, "a.First");
  }

  /** Two that write the same names: the later one's are taken for both. */
  private static boolean shareNames(Sample one, Sample other) {
    Set<String> names = Set.copyOf(own(one).stream().map(Header::name).toList());
    return own(other).stream().anyMatch(header -> names.contains(header.name()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void noHeaderIsEverDeserialisedAsAJavaObject(Sample sample) throws IOException {
    RawBytes object = RawBytes.of(serialised(new Trap()));
    for (int i = 0; i < sample.first().headers().size(); i++) {
      String name = sample.first().headers().get(i).name();
      keeps(replaced(sample.first().headers(), i, new Header(name, object)));
    }
    List<Header> kept = new ArrayList<>(sample.first().headers());
    kept.add(new Header("springDeserializerExceptionKey", object));
    kept.add(new Header("springDeserializerExceptionValue", object));
    keeps(kept);

    assertThat(Trap.SPRUNG).hasValue(0);
  }

  private static byte[] serialised(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  /** Tells when somebody reads it. */
  private static final class Trap implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final AtomicInteger SPRUNG = new AtomicInteger();

    private void readObject(ObjectInputStream in) {
      SPRUNG.incrementAndGet();
    }
  }
}
