// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.List;
import java.util.Optional;

/** Who may do what over HTTP. */
public interface AuthSettings {

  @Doc(
      value =
          "Requests that each key may make in a second, in the long run; ten seconds of it may come"
              + " at once. Without a known key it counts for each address.",
      min = "1",
      max = "1000000",
      byDefault = "no limit")
  Optional<Integer> rateLimit();

  /** Tokens of an identity provider. */
  JwtSettings jwt();

  /**
   * The keys; none, and no tokens either, means that everybody who can connect may do everything.
   */
  List<KeySettings> keys();
}
