// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.command.LetterCommand;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.Original;
import java.util.ArrayList;
import java.util.List;

/**
 * Work that is to be done outside the stream threads, as the ledger keeps it until it is done.
 *
 * @param attempt from 1; only news of this attempt counts
 * @param deadline when this attempt is given up, epoch milliseconds
 */
public record Effect(EffectId id, int attempt, long deadline, Work work) {
  private static final int VERSION = 1;

  /** What is to be done; each kind of work has its own record. */
  public sealed interface Work {}

  /**
   * Reads a letter's original, for the replay that waits for it.
   *
   * @param command the replay; it is answered when this has ended
   * @param repeats request ids of those who sent the same command again meanwhile
   * @param since when the command came, epoch milliseconds
   */
  public record Fetch(Original original, LetterCommand command, List<String> repeats, long since)
      implements Work {

    public Fetch {
      repeats = List.copyOf(repeats);
    }

    /** The same, with one more who waits for the answer. */
    public Fetch repeatedBy(String requestId) {
      List<String> more = new ArrayList<>(repeats);
      more.add(requestId);
      return new Fetch(original, command, more, since);
    }
  }

  /**
   * Calls a letter's failure callback. Each call is an attempt, and so is each pause between two:
   * what comes of a call after its time-out is then stale.
   *
   * @param pausing whether nothing is to be done until the deadline, when the next call begins
   * @param calls how often it was called, this call included
   */
  public record Callback(boolean pausing, int calls) implements Work {
    public static final Callback FIRST = new Callback(false, 1);
  }

  /** The next attempt, at this work. */
  public Effect again(Work next, long until) {
    return new Effect(id, attempt + 1, until, next);
  }

  /** The same attempt, with more known about its work. */
  public Effect with(Work more) {
    return new Effect(id, attempt, deadline, more);
  }

  public byte[] encode() {
    ByteWriter out = new ByteWriter(256).u8(VERSION).number(deadline);
    id.write(out);
    out.number(attempt);
    if (work instanceof Callback callback) {
      return out.flag(callback.pausing()).number(callback.calls()).done();
    }
    return encode(out, (Fetch) work);
  }

  private static byte[] encode(ByteWriter out, Fetch fetch) {
    Original original = fetch.original();
    out.text(original.place().topic())
        .number(original.place().partition())
        .number(original.place().offset())
        .flag(original.topicId() != null);
    if (original.topicId() != null) {
      out.uuid(original.topicId());
    }
    out.number(original.bytes());
    EntryCodec.writeCommand(out, fetch.command());
    return out.list(fetch.repeats(), (w, id) -> w.text(id)).number(fetch.since()).done();
  }

  public static Effect decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("an effect", VERSION);
    long deadline = in.number();
    EffectId id = EffectId.read(in);
    int attempt = in.integer();
    Work work =
        switch (id.kind()) {
          case FETCH ->
              new Fetch(
                  readOriginal(in),
                  EntryCodec.readCommand(in),
                  in.list(ByteReader::text),
                  in.number());
          case CALLBACK -> new Callback(in.flag(), in.integer());
        };
    in.end("an effect");
    return new Effect(id, attempt, deadline, work);
  }

  private static Original readOriginal(ByteReader in) {
    Coordinates place = new Coordinates(in.text(), in.integer(), in.number());
    return new Original(place, in.flag() ? in.uuid() : null, in.number());
  }
}
