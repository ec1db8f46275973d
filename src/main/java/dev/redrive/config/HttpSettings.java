// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;

/** The HTTP server. */
public interface HttpSettings {

  @Doc("Address to listen on. Any but loopback needs a key in `auth.keys`.")
  @WithDefault("127.0.0.1")
  String host();

  @Doc(value = "Port to listen on; 0 takes a free one.", min = "0", max = "65535")
  @WithDefault("8080")
  int port();

  @Doc(value = "Largest request body.", min = "1KiB", max = "64MiB")
  @WithDefault("1MiB")
  ByteSize maxBody();

  /** {@code wait} alone is taken by {@link Object}. */
  @WithName("wait")
  @Doc(
      value =
          "How long a request that changes something waits for the change to be there; after that"
              + " it answers 202 with the command id.",
      min = "0s",
      max = "60s")
  @WithDefault("5s")
  Duration effectWait();

  @Doc(
      value =
          "Longest time that an export may take. Until it ends, the stores keep on disk what was"
              + " deleted meanwhile.",
      min = "1m",
      max = "6h")
  @WithDefault("30m")
  Duration exportTime();

  @Doc(
      value =
          "How long it goes on to answer after it was told to stop and says that it is not ready,"
              + " so that whoever spreads requests has time to see that.",
      min = "0s",
      max = "5m")
  @WithDefault("0s")
  Duration drain();

  /** TLS. */
  TlsSettings tls();

  @Doc("Health, metrics, API description and its page need no key.")
  @WithDefault("true")
  boolean open();
}
