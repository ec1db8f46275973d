// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.Locale;

/** What may be done with many letters at once over HTTP. */
public enum BulkAction {
  REPROCESS,
  DELETE;

  /** The word for it in settings and JSON. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
