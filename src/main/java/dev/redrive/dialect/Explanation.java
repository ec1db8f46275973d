// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.letter.Failure;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a record would become if it lay on an error topic. Nothing is kept or sent.
 *
 * @param dialect the one that tells of the failure
 * @param about the facts of that dialect
 * @param letters the first of them
 * @param total how many there would be
 */
public record Explanation(String dialect, About about, List<WouldBe> letters, int total) {
  static final int MAX_LETTERS = 20;

  /**
   * One letter.
   *
   * @param sent what a replay would send, before our own headers; null where it is refused
   * @param stripped names of the headers that a replay leaves out, in order
   * @param refusal why a replay is refused; null where it is not
   * @param note what to know before a replay; null where there is nothing
   */
  public record WouldBe(
      Failure failure,
      @Nullable RawRecord sent,
      List<String> stripped,
      @Nullable String refusal,
      @Nullable String note) {}

  /** By the same code that reads error topics. */
  public static Explanation of(Inbound inbound, DialectRules rules) {
    List<Failure> failures = Dialects.read(inbound, rules);
    List<WouldBe> letters = new ArrayList<>();
    for (Failure failure : failures.subList(0, Math.min(MAX_LETTERS, failures.size()))) {
      letters.add(wouldBe(failure));
    }
    Dialect dialect = Dialects.of(failures.get(0).detail());
    return new Explanation(dialect.name(), dialect.about(), letters, failures.size());
  }

  private static WouldBe wouldBe(Failure failure) {
    Optional<RawRecord> record = Replays.unwrapped(failure.detail());
    Fidelity fidelity = failure.facts().fidelity();
    String refusal = refusal(fidelity, record.isPresent());
    if (refusal != null || record.isEmpty()) {
      return new WouldBe(failure, null, List.of(), refusal, null);
    }
    RawRecord sent = Replays.payload(failure.detail()).orElse(null);
    return new WouldBe(
        failure,
        sent,
        record.get().headers().stream()
            .map(Header::name)
            .filter(name -> Replays.strips(failure.detail(), name))
            .toList(),
        null,
        fidelity == Fidelity.RESERIALIZED
            ? "the value is what the producer wrote again from its object, so its bytes may not be"
                + " the original's"
            : null);
  }

  private static @Nullable String refusal(Fidelity fidelity, boolean hasRecord) {
    if (fidelity == Fidelity.TEXT_ONLY) {
      return "only a printed form of the record is left, so there is nothing to send";
    }
    return fidelity == Fidelity.MISSING || !hasRecord
        ? "the producer did not keep the record, so there is nothing to send"
        : null;
  }
}
