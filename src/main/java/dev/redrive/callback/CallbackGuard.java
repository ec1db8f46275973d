// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import dev.redrive.config.AllowedHost;
import dev.redrive.config.Network;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where failure callbacks may go: to hosts that the settings allow, and there only to public
 * addresses or ones that the settings allow too. Both are asked for each request, a redirect's
 * included; addresses once a name is resolved, and the connection goes to one that was asked about,
 * so that a name which changes its mind gains nothing.
 */
public final class CallbackGuard {
  private final List<AllowedHost> hosts;
  private final List<Network> networks;

  public CallbackGuard(List<AllowedHost> hosts, List<Network> networks) {
    this.hosts = List.copyOf(hosts);
    this.networks = List.copyOf(networks);
  }

  /** Why it may not be called, for a person; empty: it may, as far as its name goes. */
  public Optional<String> refusal(URI target) {
    String scheme = target.getScheme() == null ? "" : target.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      return Optional.of("its address does not begin with http:// or https://");
    }
    if (target.getHost() == null) {
      return Optional.of("its address names no host");
    }
    if (target.getRawUserInfo() != null) {
      return Optional.of("its address has a user; send credentials as a header");
    }
    int usual = scheme.equals("https") ? 443 : 80;
    int port = target.getPort() < 0 ? usual : target.getPort();
    String host = target.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    return hosts.stream().anyMatch(allowed -> allowed.covers(host, port, usual))
        ? Optional.empty()
        : Optional.of(host + ":" + port + " is not one of callbacks.allowed-hosts");
  }

  /** Why it may not be connected to, for a person; empty: it may. */
  public Optional<String> refusal(InetAddress address) {
    return PublicAddresses.has(address) || networks.stream().anyMatch(all -> all.has(address))
        ? Optional.empty()
        : Optional.of(
            address.getHostAddress()
                + " is not a public address, nor in one of callbacks.private-networks");
  }
}
