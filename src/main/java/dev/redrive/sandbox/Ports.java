// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of 127.0.0.1, the only address that a sandbox listens on. */
final class Ports {
  static final String HOST = "127.0.0.1";

  private Ports() {}

  /**
   * Listens for a moment, so that a taken port is known before anything is started.
   *
   * @return the port, any free one for 0
   */
  static int listenOn(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      InetAddress host = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      socket.bind(new InetSocketAddress(host, port));
      return socket.getLocalPort();
    }
  }

  static boolean isTaken(int port) {
    try {
      listenOn(port);
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
