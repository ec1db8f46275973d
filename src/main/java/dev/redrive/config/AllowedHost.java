// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hosts that may be called: one ({@code hooks.example.com}), all below a domain ({@code
 * *.example.com}) or any ({@code *}), on the port of their scheme or on one that is named.
 *
 * @param text as it was written
 * @param host in lower case; of a domain what follows the star, the dot included
 * @param below whether all are meant whose names end like this
 * @param port negative: that of the scheme
 */
public record AllowedHost(String text, String host, boolean below, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(\\*)?(\\.?[a-z0-9][a-z0-9._-]*|\\[[0-9a-f:.]+])?(?::([0-9]{1,5}))?");

  private static final int LAST_PORT = 65_535;

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static AllowedHost parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    boolean below = matcher.group(1) != null;
    String host = matcher.group(2) == null ? "" : matcher.group(2);
    int port = matcher.group(3) == null ? -1 : Integer.parseInt(matcher.group(3));
    boolean known = host.isEmpty() ? below : below == host.startsWith(".");
    if (!known || port == 0 || port > LAST_PORT) {
      throw new IllegalArgumentException(text);
    }
    return new AllowedHost(text, host, below, port);
  }

  /**
   * Whether this host may be called.
   *
   * @param called in lower case, an IPv6 address in brackets
   * @param usual the port of the scheme
   */
  public boolean covers(String called, int calledPort, int usual) {
    boolean named =
        below ? called.endsWith(host) && called.length() > host.length() : called.equals(host);
    return named && calledPort == (port < 0 ? usual : port);
  }

  @Override
  public String toString() {
    return text;
  }
}
