// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Calls of the failure callbacks that failed HTTP deliveries name. */
public interface CallbackSettings {

  @Doc(
      value =
          "Hosts that failure callbacks may call, such as `hooks.example.com`, `*.example.com` or"
              + " `hooks.example.com:8443`; `*` is any. Without a port that of the scheme is meant."
              + " The address comes from the failed record, so name only hosts that anybody who may"
              + " write to an error topic may call.",
      byDefault = "none: no callback is called")
  Optional<List<AllowedHost>> allowedHosts();

  @Doc(
      value =
          "Networks that may be called though their addresses are private, such as"
              + " `10.20.0.0/16`. All others that are not public are refused: loopback, link-local,"
              + " private and reserved ones.",
      byDefault = "none")
  Optional<List<Network>> privateNetworks();

  @Doc(
      value = "How long one call may take, redirects and the answer's body included.",
      min = "50ms",
      max = "2m")
  @WithDefault("15s")
  Duration timeout();

  @Doc(
      value =
          "How long after its first call that failed, its second and so on a callback is called"
              + " again; up to a fifth is added by chance. After the last of them it has failed.",
      min = "10ms",
      max = "1d")
  @WithDefault("2s,15s,1m,5m")
  List<Duration> delays();

  @Doc(value = "Calls that are out at the same time, for each instance.", min = "1", max = "256")
  @WithDefault("16")
  int concurrency();
}
