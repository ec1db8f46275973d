// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import org.jspecify.annotations.Nullable;

/**
 * An artifact that was asked for and is not there yet, or never will be.
 *
 * @param error why it could not be made, for a person; null: it is under way
 */
public record Task(Label label, @Nullable String error) {

  public boolean running() {
    return error == null;
  }
}
