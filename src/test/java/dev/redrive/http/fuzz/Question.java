// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param target path and query as they go over the wire
 * @param headers without those that say how long the body is
 * @param body null: none
 * @param raw whether it is no request that an HTTP client would send
 * @param restricted whether its key may see one pipeline only
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Question(
    String method,
    String target,
    List<Header> headers,
    byte @Nullable [] body,
    boolean raw,
    boolean restricted) {

  /** A header of a request. */
  record Header(String name, String value) {}

  /** The path as it goes over the wire. */
  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** So that it can be sent again by hand. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(method + " " + shortened(target));
    headers.forEach(
        header ->
            text.append("\n    ")
                .append(header.name())
                .append(": ")
                .append(shortened(header.value())));
    if (body != null) {
      text.append("\n    ")
          .append(shortened(new String(body, StandardCharsets.UTF_8)))
          .append(" (")
          .append(body.length)
          .append(" bytes)");
    }
    return text.toString();
  }

  private static String shortened(String text) {
    return text.length() <= 600 ? text : text.substring(0, 600) + "… (" + text.length() + ")";
  }
}
