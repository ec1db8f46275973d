// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

/**
 * Why a command was not done; nothing was changed.
 *
 * @param message for a person: what, where, what to do
 */
public record Refusal(Code code, String message) {

  /** Each has the HTTP status that says the same. */
  public enum Code {
    INVALID(400),
    UNSUPPORTED(400),
    UNKNOWN_LETTER(404),
    RETRYING(409),
    RUN_IN_PROGRESS(409),
    UNKNOWN_RUN(404),
    RUN_ENDED(409),
    RUN_NOT_HALTED(409),
    FORBIDDEN(403),
    REPLAY_LIMIT(403),
    CALLBACK_STATE(400),
    NO_PAYLOAD(400),
    ORIGINAL_GONE(400),
    ORIGINAL_NOT_READ(400),
    TARGET_UNKNOWN(400),
    TARGET_MISSING(400),
    TARGET_NOT_WRITABLE(400),
    TARGET_TOO_SMALL(400),
    TARGET_NEEDS_KEY(400),
    TARGET_IS_ERROR_TOPIC(400),
    SEND_FAILED(400);

    private final int httpStatus;

    Code(int httpStatus) {
      this.httpStatus = httpStatus;
    }

    public int httpStatus() {
      return httpStatus;
    }
  }
}
