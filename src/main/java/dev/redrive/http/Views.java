// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.codec.Audited;
import dev.redrive.codec.PayloadView;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Tells the audit what no command tells it: who is shown payloads, before they are. */
public final class Views {
  private static final String AUDIT = "redrive.audit";

  private Views() {}

  static void enter(Context request, Consumer<Audited> audit) {
    request.attribute(AUDIT, audit);
  }

  /** The caller is shown these. */
  public static void of(Context request, List<Letter> letters) {
    if (!letters.isEmpty()) {
      Caller caller = Caller.of(request);
      shown(
          request,
          new PayloadView(
              caller.name(),
              operation(request),
              caller.reveals(),
              letters.stream().map(Letter::id).toList(),
              null));
    }
  }

  /** The caller is shown all that fit. */
  public static void of(Context request, LetterFilter filter) {
    Caller caller = Caller.of(request);
    shown(
        request,
        new PayloadView(caller.name(), operation(request), caller.reveals(), List.of(), filter));
  }

  /** The caller does this. */
  public static void tell(Context request, Audited what) {
    Objects.requireNonNull(request.<Consumer<Audited>>attribute(AUDIT), "audit").accept(what);
  }

  private static void shown(Context request, PayloadView view) {
    if (!request.method().equals(HandlerType.HEAD)) {
      tell(request, view);
    }
  }

  private static String operation(Context request) {
    Endpoint route = request.endpoints().matchedHttpEndpoint();
    return request.method().name() + " " + (route == null ? request.path() : route.path);
  }
}
