// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** The other instances of the same Redrive. */
public interface PeerSettings {

  @Doc(
      value =
          "Address under which the other instances reach this one's HTTP, such as"
              + " `http://localhost:8080`; no path. With it each instance answers for all, and"
              + " without it for its own partitions only.",
      byDefault = "alone")
  Optional<URI> advertised();

  @Doc(
      value =
          "By which instances know each other: the same for all, at least 16 characters. Whoever"
              + " has it reads every letter.",
      secret = true)
  Optional<String> secret();

  @Doc(value = "How long one request to another instance may take.", min = "50ms", max = "30s")
  @WithDefault("1s")
  Duration timeout();

  @Doc(
      value =
          "Copies of each partition on other instances: they answer while a partition moves, and"
              + " take over at once. Each costs what the partition costs on disk.",
      min = "0",
      max = "5",
      byDefault = "1 with `peers.advertised`, else 0")
  Optional<Integer> standbys();
}
