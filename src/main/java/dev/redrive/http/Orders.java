// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.letter.Refusal;
import dev.redrive.query.Sent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Commands that come over HTTP: who asked for them, and what their fate means for the caller. */
public final class Orders {
  private Orders() {}

  /**
   * A new command's.
   *
   * @param mode {@code restart} or {@code resume}, or null
   */
  public static Command.Meta meta(Caller caller, @Nullable String note, @Nullable String mode) {
    return new Command.Meta(
        "http-" + UUID.randomUUID(), UUID.randomUUID().toString(), caller.name(), note, mode);
  }

  /**
   * The answer of a command that was done.
   *
   * @throws Problem where it was refused, or where that is not known in time
   */
  public static Answer done(Sent sent) {
    Optional<Problem> problem = problem(sent);
    if (problem.isPresent()) {
      throw problem.get();
    }
    return ((Sent.Done) sent).answer();
  }

  /** Why it is not known to be done; empty: it is. */
  public static Optional<Problem> problem(Sent sent) {
    if (sent instanceof Sent.Done done) {
      return Optional.ofNullable(done.answer().refusal()).map(Orders::refused);
    }
    if (sent instanceof Sent.Unsent unsent) {
      return Optional.of(
          Problem.unavailable(
              "the command was not taken, try again: " + unsent.reason(),
              List.of(new Problem.Detail("command_id", unsent.commandId()))));
    }
    String id = ((Sent.Pending) sent).commandId();
    return Optional.of(
        Problem.unavailable(
            "the command was taken and will be done, but that can't be read yet",
            List.of(new Problem.Detail("command_id", id))));
  }

  private static Problem refused(Refusal refusal) {
    return Problem.of(
        refusal.code().httpStatus(),
        refusal.code().name().toLowerCase(Locale.ROOT),
        refusal.message());
  }
}
