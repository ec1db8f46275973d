// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network, such as {@code 10.20.0.0/16} or {@code fd00:1::/32}.
 *
 * @param text as it was written
 * @param bits how many bits of the address all in the network share
 */
public record Network(String text, InetAddress address, int bits) {
  private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F:.]+/[0-9]{1,3}");

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static Network parse(String text) {
    InetAddress address = TEXT.matcher(text).matches() ? literal(text.split("/", 2)[0]) : null;
    if (address == null) {
      throw new IllegalArgumentException(text);
    }
    int bits = Integer.parseInt(text.substring(text.indexOf('/') + 1));
    if (bits > Byte.SIZE * address.getAddress().length) {
      throw new IllegalArgumentException(text);
    }
    return new Network(text, address, bits);
  }

  public boolean has(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % Byte.SIZE);
      if (((mine[bit / Byte.SIZE] ^ theirs[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Null where it is none; a name is never looked up. */
  private static @Nullable InetAddress literal(String text) {
    boolean fourParts = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    try {
      return fourParts || text.contains(":") ? InetAddress.getByName(text) : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
