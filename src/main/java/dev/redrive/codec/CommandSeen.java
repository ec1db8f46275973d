// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.command.Answer;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a command that was answered, so that doing it twice does it once.
 *
 * @param forgetAt when the memory ends, epoch milliseconds
 */
public record CommandSeen(Answer answer, long forgetAt) {
  private static final int VERSION = 1;
  private static final List<Refusal.Code> CODES = List.of(Refusal.Code.values());

  public byte[] encode() {
    ByteWriter out = new ByteWriter(128).u8(VERSION).number(forgetAt);
    out.text(answer.commandId()).text(answer.requestId());
    Refusal refusal = answer.refusal();
    if (refusal == null) {
      out.u8(0);
    } else {
      out.u8(1).text(refusal.code().name()).text(refusal.message());
    }
    LetterId letter = answer.letter();
    if (letter == null) {
      out.u8(0);
    } else {
      out.u8(1).fixed(letter.high()).fixed(letter.low());
    }
    out.text(answer.runId());
    Answer.Seen seen = answer.seen();
    if (seen == null) {
      out.u8(0);
    } else {
      out.u8(1).number(seen.partition()).number(seen.change());
    }
    return out.done();
  }

  public static CommandSeen decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a command's answer", VERSION);
    long forgetAt = in.number();
    String commandId = in.text();
    String requestId = in.text();
    Refusal refusal = in.flag() ? new Refusal(code(in.text()), in.text()) : null;
    LetterId letter = in.flag() ? new LetterId(in.fixed(), in.fixed()) : null;
    String runId = in.optionalText();
    Answer.@Nullable Seen seen = in.flag() ? new Answer.Seen(in.integer(), in.number()) : null;
    in.end("a command's answer");
    return new CommandSeen(
        new Answer(commandId, requestId, refusal, false, letter, runId, seen), forgetAt);
  }

  private static Refusal.Code code(String name) {
    return CODES.stream()
        .filter(code -> code.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new UnreadableBytesException("unknown refusal " + name));
  }
}
