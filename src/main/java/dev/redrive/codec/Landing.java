// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.Coordinates;
import dev.redrive.letter.LetterId;
import org.jspecify.annotations.Nullable;

/**
 * Where a replay landed on its retry topic.
 *
 * @param attempt number of the replay, from 1
 * @param group the consumer group whose progress past the place tells that it worked; null: none
 * @param forgetAt when nobody will ask for it any more, epoch milliseconds
 */
public record Landing(
    Coordinates place,
    LetterId letter,
    String pipelineId,
    String recordId,
    String runId,
    int attempt,
    @Nullable String group,
    long forgetAt) {
  private static final int VERSION = 1;

  /** The same, whose outcome nobody infers any more. */
  public Landing withoutGroup() {
    return new Landing(place, letter, pipelineId, recordId, runId, attempt, null, forgetAt);
  }

  public byte[] encode() {
    ByteWriter out = new ByteWriter(192).u8(VERSION);
    write(out);
    return out.done();
  }

  public static Landing decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a landing", VERSION);
    Landing landing = read(in);
    in.end("a landing");
    return landing;
  }

  void write(ByteWriter out) {
    out.number(forgetAt)
        .text(place.topic())
        .number(place.partition())
        .number(place.offset())
        .fixed(letter.high())
        .fixed(letter.low())
        .text(pipelineId)
        .text(recordId)
        .text(runId)
        .number(attempt)
        .text(group);
  }

  static Landing read(ByteReader in) {
    long forgetAt = in.number();
    return new Landing(
        new Coordinates(in.text(), in.integer(), in.number()),
        new LetterId(in.fixed(), in.fixed()),
        in.text(),
        in.text(),
        in.text(),
        in.integer(),
        in.optionalText(),
        forgetAt);
  }
}
