// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.config.KeyHash;
import dev.redrive.config.Role;
import java.util.Set;

/**
 * A key that requests may carry. Only its hash is known here.
 *
 * @param name who it belongs to; the audit shows it
 * @param reveals whether it sees what masks hide
 * @param pipelines ids of the pipelines it may see and act on; empty: all
 */
public record ApiKey(
    String name, KeyHash sha256, Role role, boolean reveals, Set<String> pipelines) {

  public ApiKey {
    pipelines = Set.copyOf(pipelines);
  }
}
