// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** One API key. */
public interface KeySettings {

  @Doc("Who the key belongs to; shown in the audit.")
  String name();

  @Doc(value = "SHA-256 of the key; `redrive hash-key` makes it.", secret = true)
  KeyHash sha256();

  @Doc("What it may do: `viewer`, `operator` or `admin`.")
  @WithDefault("viewer")
  Role role();

  @Doc(value = "Ids of the pipelines that it may see.", byDefault = "all")
  Optional<List<String>> pipelines();

  @Doc(
      value = "Requests that it may make in a second, in the long run.",
      min = "1",
      max = "1000000",
      byDefault = "`auth.rate-limit`")
  Optional<Integer> rateLimit();

  @Doc(value = "Whether it sees what masks hide.", byDefault = "`true` for `admin`, else `false`")
  Optional<Boolean> reveal();
}
