// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.config.Role;
import io.javalin.http.Context;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks, and what they may.
 *
 * @param reveals whether they see what masks hide
 * @param pipelines ids of the pipelines they may see and act on; empty: all
 */
public record Caller(String name, Role role, boolean reveals, Set<String> pipelines) {

  /** Whoever can connect to a server without keys, which listens on loopback only. */
  static final Caller LOCAL = new Caller("local", Role.ADMIN, true, Set.of());

  private static final String ATTRIBUTE = "redrive.caller";

  public boolean sees(String pipelineId) {
    return pipelines.isEmpty() || pipelines.contains(pipelineId);
  }

  /** Whether letters of some pipelines are hidden from them. */
  public boolean restricted() {
    return !pipelines.isEmpty();
  }

  boolean may(Role needed) {
    return role.compareTo(needed) >= 0;
  }

  void enter(Context request) {
    request.attribute(ATTRIBUTE, this);
  }

  /** Who asked; empty where nobody had to say. */
  static Optional<Caller> find(Context request) {
    return Optional.ofNullable(request.attribute(ATTRIBUTE));
  }

  /** The caller of a request that was let in. */
  public static Caller of(Context request) {
    return Objects.requireNonNull(request.<Caller>attribute(ATTRIBUTE), "caller");
  }
}
