// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import dev.redrive.http.Problem;
import dev.redrive.letter.Header;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The settings that a restart, resume or retry gives its delivery: headers whose names start with
 * {@code Upstash-}. They travel with the replay; what they mean is for the consumer to say.
 */
final class Overrides {
  private static final String PREFIX = "upstash-";
  private static final String RETRIES = PREFIX + "retries";

  private Overrides() {}

  static List<Header> of(Context request) {
    List<Header> headers = new ArrayList<>();
    for (Map.Entry<String, String> header : request.headerMap().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        if (name.equals(RETRIES) && !header.getValue().strip().matches("[0-9]{1,9}")) {
          throw Problem.field(header.getKey(), "must be a whole number from 0");
        }
        headers.add(Header.utf8(header.getKey(), header.getValue()));
      }
    }
    return headers;
  }
}
