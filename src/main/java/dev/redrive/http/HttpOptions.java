// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import java.util.List;

/**
 * What the server is started with.
 *
 * @param host address to listen on
 * @param port 0 takes a free one
 * @param maxBody of a request, bytes
 * @param open whether health, metrics and API description need no key
 * @param keys none: everybody on this machine may do everything, and nobody else can connect
 */
public record HttpOptions(String host, int port, int maxBody, boolean open, List<ApiKey> keys) {

  public HttpOptions {
    keys = List.copyOf(keys);
  }
}
