// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.command.Answer;

/** What became of a command. */
public sealed interface Sent {

  /** It was answered, and whoever reads now sees what it changed. */
  record Done(Answer answer) implements Sent {}

  /** It is on its way and will be done or rejected; that was not known or not readable in time. */
  record Pending(String commandId) implements Sent {}

  /**
   * The broker did not take it in time, so most likely it will not be done.
   *
   * @param reason for a person
   */
  record Unsent(String commandId, String reason) implements Sent {}
}
