// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ends a request early into the error body of its family. */
final class Errors {
  private static final Logger LOGGER = LoggerFactory.getLogger(Errors.class);
  private static final Map<Integer, String> CODES =
      Map.of(
          400, "invalid_request",
          401, "unauthorized",
          403, "forbidden",
          404, "not_found",
          405, "method_not_allowed",
          413, "body_too_large",
          415, "unsupported_media_type",
          429, "rate_limited",
          503, "unavailable");

  private Errors() {}

  static void register(JavalinConfig config) {
    config.routes.exception(Problem.class, (problem, request) -> answer(request, problem));
    config.routes.exception(HttpResponseException.class, (e, request) -> answer(request, e));
    config.routes.exception(Exception.class, Errors::answerUnexpected);
    config.router.javaLangErrorHandler(Errors::answerFatal);
  }

  /** Handles requests so that what no program should meet is answered in the family's form too. */
  static Handler guarded(Handler handler) {
    return request -> {
      try {
        handler.handle(request);
      } catch (Error e) {
        // The outermost edge of a request: the thread goes on to the next one.
        answerUnexpected(e, request);
      }
    };
  }

  static String code(int status) {
    return CODES.getOrDefault(status, status < 500 ? "invalid_request" : "internal");
  }

  private static void answer(Context request, Problem problem) {
    if (problem.status() == 401) {
      request.header("WWW-Authenticate", "Bearer");
    }
    Integer retryAfter = problem.retryAfterSeconds();
    if (retryAfter != null) {
      request.header("Retry-After", retryAfter.toString());
    }
    Json.answer(request, problem.status(), Family.of(request.path()).error(problem));
  }

  /** What the router says: no such path, or not by this method. */
  private static void answer(Context request, HttpResponseException e) {
    String methods = e.getDetails().get("availableMethods");
    String what =
        switch (e.getStatus()) {
          case 404 -> "there is nothing at this path";
          case 405 -> "this path does not take " + request.method().name();
          default -> String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        };
    if (methods != null) {
      request.header("Allow", methods);
    }
    answer(request, Problem.of(e.getStatus(), code(e.getStatus()), what));
  }

  private static void answerUnexpected(Throwable e, Context request) {
    LOGGER
        .atError()
        .addKeyValue("method", request.method().name())
        .addKeyValue("path", request.path())
        .setCause(e)
        .log("A request failed");
    answer(request, Problem.of(500, "internal", "this failed; the server's log says why"));
  }

  /** Here nobody knows the path any more, so the body is the desk's. */
  private static void answerFatal(HttpServletResponse response, Error error) {
    LOGGER.atError().setCause(error).log("A request failed");
    try {
      response.setStatus(500);
      response.setContentType(Json.TYPE);
      response
          .getOutputStream()
          .write(
              Json.bytes(
                  Family.DESK.error(
                      Problem.of(500, "internal", "this failed; the server's log says why"))));
    } catch (IOException e) {
      LOGGER.atDebug().setCause(e).log("The caller had gone");
    }
  }
}
