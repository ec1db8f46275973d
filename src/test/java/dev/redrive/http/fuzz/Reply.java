// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came back.
 *
 * @param headers by lower-case name
 */
record Reply(int status, Map<String, List<String>> headers, String body, long nanos) {

  /** The first of that name; empty where there is none. */
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).get(0);
  }
}
