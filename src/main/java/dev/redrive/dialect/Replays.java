// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.own.RedriveHeaders;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Header;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the record that a replay sends: key and value byte for byte, and of the headers those that
 * the record had before it failed, in order, duplicates and nulls included. A header that a
 * convention wrote must go: left on, it sends the replay straight back (Spring's attempts), or
 * grows with each trip, or hides where the record failed last.
 */
public final class Replays {

  private Replays() {}

  /**
   * The record that failed, without the headers of the conventions that were found on it and
   * without ours. Empty where its envelope holds none. Of a cut payload this is what is left:
   * {@link #restored} comes first.
   */
  public static Optional<RawRecord> payload(FailureDetail detail) {
    List<Dialect> conventions = Dialects.named(detail.conventions());
    return Dialects.of(detail)
        .unwrap(detail.raw())
        .map(
            record ->
                new RawRecord(
                    record.key(), record.value(), stripped(record.headers(), conventions)));
  }

  /** The payload with the headers of the replay after its own. */
  public static Optional<RawRecord> record(FailureDetail detail, ReplayHeaders replay) {
    return payload(detail).map(payload -> with(payload, replay.headers()));
  }

  /**
   * The record that stands for a letter without a payload: its key is the record id, its value the
   * JSON {@code {"pipeline_id": …, "source_record_id": …}}. Never a null value: that would delete.
   */
  public static RawRecord reference(ReplayHeaders replay) {
    StringBuilder json = new StringBuilder("{\"pipeline_id\":\"");
    JsonStringEncoder.getInstance().quoteAsString(replay.pipelineId(), json);
    json.append("\",\"source_record_id\":\"");
    JsonStringEncoder.getInstance().quoteAsString(replay.recordId(), json);
    List<Header> headers = new ArrayList<>(replay.headers());
    headers.add(Header.utf8(RedriveHeaders.PAYLOAD, RedriveHeaders.REFERENCE));
    return new RawRecord(
        RawBytes.utf8(replay.recordId()), RawBytes.utf8(json.append("\"}").toString()), headers);
  }

  /**
   * The record of a letter that is replayed from where its record lies: any record there, not a
   * dead letter, so nothing but our own headers is left out.
   */
  public static RawRecord copy(RawRecord original, ReplayHeaders replay) {
    RawRecord own =
        new RawRecord(original.key(), original.value(), stripped(original.headers(), List.of()));
    return with(own, replay.headers());
  }

  /**
   * A detail whose payload was cut, whole again.
   *
   * @param original the record read from the error topic again
   * @param part as in the letter's position there
   * @return empty where it no longer holds that part
   */
  public static Optional<FailureDetail> restored(FailureDetail cut, RawRecord original, int part) {
    return Dialects.kept(cut, original, part)
        .map(
            raw ->
                new FailureDetail(
                    raw,
                    cut.dialect(),
                    cut.conventions(),
                    cut.error(),
                    cut.source(),
                    cut.metadata(),
                    cut.http(),
                    cut.warnings(),
                    null));
  }

  /** The record that failed, all headers still on it; empty where its envelope holds none. */
  static Optional<RawRecord> unwrapped(FailureDetail detail) {
    return Dialects.of(detail).unwrap(detail.raw());
  }

  /** Whether a replay of this letter leaves headers of this name out. */
  static boolean strips(FailureDetail detail, String header) {
    return isStripped(header, Dialects.named(detail.conventions()));
  }

  private static List<Header> stripped(List<Header> headers, List<Dialect> conventions) {
    List<Header> kept = new ArrayList<>(headers.size());
    for (Header header : headers) {
      if (!isStripped(header.name(), conventions)) {
        kept.add(header);
      }
    }
    return kept;
  }

  private static boolean isStripped(String name, List<Dialect> conventions) {
    if (RedriveHeaders.isOurs(name)) {
      return true;
    }
    for (Dialect convention : conventions) {
      if (convention.strips(name)) {
        return true;
      }
    }
    return false;
  }

  private static RawRecord with(RawRecord record, List<Header> more) {
    List<Header> headers = new ArrayList<>(record.headers().size() + more.size());
    headers.addAll(record.headers());
    headers.addAll(more);
    return new RawRecord(record.key(), record.value(), headers);
  }
}
