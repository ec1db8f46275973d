// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.dialect.ReplayHeaders;
import dev.redrive.dialect.Replays;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Original;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal.Code;
import dev.redrive.topology.ReplayPlanner.Plan;
import dev.redrive.topology.effects.Fetched;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the record of a replay comes from, and whether what lies there is that record. */
final class Payloads {

  private Payloads() {}

  /** The record to send, or why there is none. */
  sealed interface Payload {
    /**
     * A record.
     *
     * @param timestamp its own, epoch milliseconds; null: unknown
     */
    record Ready(RawRecord record, @Nullable Long timestamp) implements Payload {}

    /** None. */
    record None(Code code, String why) implements Payload {}
  }

  /** Where the whole record lies, for a letter that has it not; empty where it has. */
  static Optional<Original> original(FailureFacts facts, FailureDetail detail, TopicNames topics) {
    if (detail.cut() != null && detail.cut().payload()) {
      return Optional.of(
          new Original(
              facts.position().coordinates(),
              facts.position().topicId(),
              detail.cut().valueBytes() + detail.cut().headerBytes()));
    }
    if (facts.fidelity() != Fidelity.MISSING) {
      return Optional.empty();
    }
    Optional<Coordinates> place =
        facts.origin() == Origin.MANUAL
            ? Coordinates.parse(facts.recordId())
            : detail.source().coordinates();
    // A record of ours is nobody's original.
    return place
        .filter(at -> !topics.refusesReplays(at.topic()))
        .map(at -> new Original(at, null, -1));
  }

  /** The payload of a letter that has no {@link #original}. */
  static Payload kept(LetterId id, FailureFacts facts, FailureDetail detail, ReplayHeaders stamp) {
    if (facts.fidelity() == Fidelity.MISSING && facts.origin() == Origin.MANUAL) {
      return new Payload.Ready(Replays.reference(stamp), null);
    }
    if (facts.fidelity() == Fidelity.TEXT_ONLY || facts.fidelity() == Fidelity.MISSING) {
      return none(id);
    }
    return Replays.record(detail, stamp)
        .<Payload>map(record -> new Payload.Ready(record, detail.source().timestamp()))
        .orElseGet(() -> none(id));
  }

  /** The payload of a letter whose original was looked for. */
  static Payload fetched(
      LetterId id,
      FailureFacts facts,
      FailureDetail detail,
      ReplayHeaders stamp,
      Original original,
      Fetched fetched) {
    if (fetched instanceof Fetched.Found found) {
      return detail.cut() != null && detail.cut().payload()
          ? whole(id, facts, detail, stamp, found)
          : copied(id, detail, stamp, original, found);
    }
    if (fetched instanceof Fetched.Gone gone) {
      return gone(id, original.place(), gone.why());
    }
    // A record id that only looks like a place names no record of Kafka's.
    return facts.origin() == Origin.MANUAL && facts.fidelity() == Fidelity.MISSING
        ? new Payload.Ready(Replays.reference(stamp), null)
        : gone(id, original.place(), "there is no such topic or partition");
  }

  private static Payload whole(
      LetterId id,
      FailureFacts facts,
      FailureDetail detail,
      ReplayHeaders stamp,
      Fetched.Found found) {
    Optional<FailureDetail> restored =
        Replays.restored(detail, found.record(), facts.position().part())
            .filter(whole -> startsWith(whole.raw(), detail.raw()));
    if (restored.isEmpty()) {
      return gone(id, facts.position().coordinates(), "another record lies there now");
    }
    return Replays.record(restored.get(), stamp)
        .<Payload>map(record -> new Payload.Ready(record, detail.source().timestamp()))
        .orElseGet(() -> none(id));
  }

  private static Payload copied(
      LetterId id,
      FailureDetail detail,
      ReplayHeaders stamp,
      Original original,
      Fetched.Found found) {
    Long told = detail.source().timestamp();
    if (told != null && told != found.timestamp()) {
      return gone(id, original.place(), "another record lies there now");
    }
    return new Payload.Ready(Replays.copy(found.record(), stamp), found.timestamp());
  }

  /** Whether what was kept of a record is how this one begins. */
  private static boolean startsWith(RawRecord whole, RawRecord kept) {
    List<Header> headers = whole.headers();
    return startsWith(whole.key(), kept.key())
        && startsWith(whole.value(), kept.value())
        && headers.size() >= kept.headers().size()
        && headers.subList(0, kept.headers().size()).equals(kept.headers());
  }

  private static boolean startsWith(@Nullable RawBytes whole, @Nullable RawBytes kept) {
    if (whole == null || kept == null) {
      return whole == null && kept == null;
    }
    return whole.size() >= kept.size()
        && Arrays.mismatch(whole.array(), 0, kept.size(), kept.array(), 0, kept.size()) < 0;
  }

  private static Payload gone(LetterId id, Coordinates place, String why) {
    return new Payload.None(
        Code.ORIGINAL_GONE,
        "letter "
            + id
            + " has not the whole record, and it can't be read from "
            + place
            + ": "
            + why);
  }

  private static Payload none(LetterId id) {
    return new Payload.None(
        Code.NO_PAYLOAD,
        "the producer of letter " + id + " did not keep the record, so there is nothing to send");
  }

  static Plan.Refuse refusal(Payload.None none) {
    return Plan.Refuse.because(none.code(), none.why());
  }
}
