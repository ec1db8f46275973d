// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Set;

/**
 * Words that stand where a letter id may stand and are none. Without this, {@code POST
 * /api/dlq/bulk} would be told that a letter {@code bulk} can't be posted to.
 */
final class Literals {
  private static final String DESK = "/api/dlq/";
  private static final Set<String> NOT_YET = Set.of("bulk", "bulk-all", "bulk-operations");

  private static final Set<HandlerType> READS = Set.of(HandlerType.GET, HandlerType.HEAD);

  private Literals() {}

  static void refuse(Context request) {
    if (!request.path().startsWith(DESK)) {
      return;
    }
    String rest = request.path().substring(DESK.length());
    int slash = rest.indexOf('/');
    String word = slash < 0 ? rest : rest.substring(0, slash);
    if (NOT_YET.contains(word)) {
      throw Problem.notFound("this version of Redrive does not have " + DESK + word);
    }
    boolean reads = READS.contains(request.method());
    if ((rest.equals("stats") || rest.equals("export")) && !reads) {
      request.header("Allow", "GET");
      throw Problem.of(
          405, "method_not_allowed", "this path does not take " + request.method().name());
    }
  }
}
