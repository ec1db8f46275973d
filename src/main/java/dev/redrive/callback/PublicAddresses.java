// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import dev.redrive.config.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses of the public Internet, as the registries of special-purpose addresses leave them.
 * An IPv6 address that stands for an IPv4 one is what that is.
 */
final class PublicAddresses {
  private static final List<Network> SPECIAL =
      networks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "2001::/23",
          "2001:db8::/32",
          "3fff::/20");

  private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");
  private static final Network TRANSLATED = Network.parse("64:ff9b::/96");
  private static final Network SIX_TO_FOUR = Network.parse("2002::/16");

  private PublicAddresses() {}

  static boolean has(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return isOrdinary(address);
    }
    if (TRANSLATED.has(address)) {
      return isOrdinary(embedded(address, 12));
    }
    if (SIX_TO_FOUR.has(address)) {
      return isOrdinary(embedded(address, 2));
    }
    return GLOBAL_UNICAST.has(address) && isOrdinary(address);
  }

  private static boolean isOrdinary(InetAddress address) {
    return SPECIAL.stream().noneMatch(special -> special.has(address));
  }

  private static InetAddress embedded(InetAddress address, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), from, from + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static List<Network> networks(String... texts) {
    return Arrays.stream(texts).map(Network::parse).toList();
  }
}
