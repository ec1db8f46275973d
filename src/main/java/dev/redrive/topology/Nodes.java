// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

/** Names of the graph's nodes and its store: fixed, because a generated name is a migration. */
public final class Nodes {
  /** The letter store, one for each ledger partition. */
  public static final String LETTERS = "letters";

  static final String ERRORS = "errors";
  static final String FAILURE_INTAKE = "failure-intake";
  static final String TO_LEDGER = "to-ledger";
  static final String FAILURE_EVENTS = "failure-events";

  static final String COMMANDS = "commands";
  static final String OUTCOMES = "outcomes";
  static final String CONTROL_INTAKE = "control-intake";
  static final String TO_CONTROL = "to-control";
  static final String INTAKE_RESULTS = "intake-results";
  static final String INTAKE_EVENTS = "intake-events";

  static final String FAILURES = "failures";
  static final String CONTROL = "control";
  static final String LEDGER = "ledger";
  static final String RETRY = "retry";
  static final String EVENTS = "events";
  static final String RESULTS = "results";
  static final String BACK_TO_CONTROL = "back-to-control";
  static final String BACK_TO_LEDGER = "back-to-ledger";

  private Nodes() {}
}
