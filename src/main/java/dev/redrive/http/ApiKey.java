// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.config.KeyHash;
import dev.redrive.config.Role;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that requests may carry. Only its hash is known here.
 *
 * @param name who it belongs to; the audit shows it
 * @param reveals whether it sees what masks hide
 * @param pipelines ids of the pipelines it may see and act on; empty: all
 * @param perSecond requests that it may make in a second, in the long run; null: what the server
 *     gives to all
 */
public record ApiKey(
    String name,
    KeyHash sha256,
    Role role,
    boolean reveals,
    Set<String> pipelines,
    @Nullable Integer perSecond) {

  public ApiKey {
    pipelines = Set.copyOf(pipelines);
  }

  /** One that may ask as often as the server lets all. */
  public ApiKey(String name, KeyHash sha256, Role role, boolean reveals, Set<String> pipelines) {
    this(name, sha256, role, reveals, pipelines, null);
  }

  Caller caller() {
    return new Caller(name, role, reveals, pipelines);
  }
}
