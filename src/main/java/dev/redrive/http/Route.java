// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.config.Role;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import org.jspecify.annotations.Nullable;

/**
 * One operation.
 *
 * @param path template, such as {@code /api/dlq/{id}}
 * @param role the least that may call it; null: no key is needed where the server is open
 * @param guarded whether the handler itself decides who may call it, and no key of a user does
 */
public record Route(
    HandlerType method, String path, @Nullable Role role, boolean guarded, Handler handler) {

  public static Route get(String path, Role role, Handler handler) {
    return new Route(HandlerType.GET, path, role, false, handler);
  }

  public static Route post(String path, Role role, Handler handler) {
    return new Route(HandlerType.POST, path, role, false, handler);
  }

  public static Route delete(String path, Role role, Handler handler) {
    return new Route(HandlerType.DELETE, path, role, false, handler);
  }

  static Route open(String path, Handler handler) {
    return new Route(HandlerType.GET, path, null, false, handler);
  }
}
