// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** For what must know its port before it listens on it. */
public final class FreePort {
  private FreePort() {}

  /** One on 127.0.0.1 that nobody listens on now. */
  public static int find() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
