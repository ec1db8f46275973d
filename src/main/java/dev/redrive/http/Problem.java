// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not answered as asked; ends its handling.
 *
 * <p>The message is for the caller: it says what is wrong and what to do, and never repeats a key.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient List<Detail> details;
  private final @Nullable Integer retryAfterSeconds;

  /** One thing that is wrong, by the name of the field, parameter or part. */
  public record Detail(String field, String issue) {}

  private Problem(
      int status,
      String code,
      String message,
      List<Detail> details,
      @Nullable Integer retryAfterSeconds) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = List.copyOf(details);
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public static Problem of(int status, String code, String message) {
    return new Problem(status, code, message, List.of(), null);
  }

  /** 400 because of one field of the body or one query parameter. */
  public static Problem field(String field, String issue) {
    return new Problem(
        400, "invalid_request", field + " " + issue, List.of(new Detail(field, issue)), null);
  }

  /** With all that is wrong. */
  public static Problem of(int status, String code, String message, List<Detail> details) {
    return new Problem(status, code, message, details, null);
  }

  public static Problem notFound(String message) {
    return of(404, "not_found", message);
  }

  /** 503: the same request may work soon. */
  public static Problem unavailable(String message, List<Detail> details) {
    return new Problem(503, "unavailable", message, details, 1);
  }

  /** 429: the caller asked too often. */
  static Problem limited(int retryAfterSeconds) {
    return new Problem(
        429,
        "rate_limited",
        "too many requests; wait as many seconds as Retry-After says",
        List.of(),
        retryAfterSeconds);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  /** For a person; never null, unlike {@link #getMessage}. */
  public String explanation() {
    String message = getMessage();
    return message == null ? code : message;
  }

  public List<Detail> details() {
    return details;
  }

  public @Nullable Integer retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
