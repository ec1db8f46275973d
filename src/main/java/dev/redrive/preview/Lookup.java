// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import dev.redrive.preview.Preview.SchemaName;

/** What a registry said of a schema. */
sealed interface Lookup {

  /** The schema. */
  record Found(SchemaName name, PayloadSchema schema) implements Lookup {}

  /** There is none to read with; {@code why} is for a person. */
  record Missing(String why) implements Lookup {}
}
