// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

/** Who, of those that see its pipelines, may see an artifact. The names are stored. */
public enum Audience {
  /** Everybody. */
  VIEWERS,
  /** Those who may see through masks, since there may be payloads in it. */
  REVEALING,
  /** Admins that are limited to no pipelines, since it shows the whole process. */
  ADMINS
}
