// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.dotnet;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The addresses by which .NET's buses name a topic, such as {@code kafka://topic/orders}. */
final class Addresses {
  private Addresses() {}

  /** The last part of the path; the text itself where it is no address. */
  static @Nullable String last(@Nullable String address) {
    if (address == null || address.indexOf("://") < 0) {
      return address;
    }
    int query = address.indexOf('?');
    String path = query < 0 ? address : address.substring(0, query);
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (last.isEmpty()) {
      return null;
    }
    try {
      // A plus sign is itself in a path.
      return URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return last;
    }
  }
}
