// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.command.Command;
import java.util.List;

/** Takes commands to the ledger and brings their answers back. */
public interface CommandSender {

  /**
   * Sends a command and waits, for a bounded time, until its effect can be read.
   *
   * @param command its request id must be new: it names this call
   */
  Sent send(Command command);

  /**
   * Sends commands together and waits for all of them, for the time of one.
   *
   * @return what became of each, in the same order
   */
  default List<Sent> sendAll(List<Command> commands) {
    return commands.stream().map(this::send).toList();
  }
}
