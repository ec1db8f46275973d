// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

/** What was given to be explained is no record; says which field is wrong and how. */
public final class BadRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String issue;

  BadRecordException(String field, String issue) {
    super(field + ": " + issue, null, false, false);
    this.field = field;
    this.issue = issue;
  }

  public String field() {
    return field;
  }

  /** Reads after the field's name. */
  public String issue() {
    return issue;
  }
}
