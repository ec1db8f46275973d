// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.Letter;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Calls failure callbacks; never blocks its caller. */
public interface CallbackClient extends AutoCloseable {

  /** Where no host may be called. */
  CallbackClient OFF =
      (id, letter, done) -> {
        done.accept(
            CallbackReply.refused("failure callbacks are off; see callbacks.allowed-hosts"));
        return true;
      };

  /**
   * Begins one call.
   *
   * @param id what the receiver knows the callback by when it is called more than once
   * @param letter read on another thread, since payloads are large
   * @param done told once, on any thread, within the time that a call may take
   * @return false where there is no room for it now
   */
  boolean call(String id, Supplier<Letter> letter, Consumer<CallbackReply> done);

  /** Ends the calls that are out; nobody is told of them any more. */
  @Override
  default void close() {}
}
