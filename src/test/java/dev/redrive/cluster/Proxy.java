// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a port on this machine that can be cut. Cut, it is as a network is: nothing is refused,
 * nothing is closed, and no byte arrives; mended, what was on its way goes on.
 */
final class Proxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private boolean cut;

  private Proxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  static Proxy to(int port) throws IOException {
    Proxy proxy = new Proxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    daemon("proxy-" + port, proxy::accept);
    return proxy;
  }

  int port() {
    return server.getLocalPort();
  }

  synchronized void cut() {
    cut = true;
  }

  synchronized void mend() {
    cut = false;
    notifyAll();
  }

  @Override
  public void close() {
    mend();
    close(server);
    open.forEach(Proxy::close);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket caller = server.accept();
        open.add(caller);
        daemon("proxy-connect-" + target, () -> connect(caller));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void connect(Socket caller) {
    try {
      awaitMended();
      Socket called = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(called);
      // Else a request in two parts waits 40 ms for the receiver's delayed acknowledgement.
      caller.setTcpNoDelay(true);
      called.setTcpNoDelay(true);
      daemon("proxy-back-" + target, () -> pump(called, caller));
      pump(caller, called);
    } catch (IOException e) {
      close(caller);
    }
  }

  /** Until one side ends, which ends the other. */
  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[64 * 1024];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        awaitMended();
        out.write(buffer, 0, read);
      }
      awaitMended();
    } catch (IOException e) {
      // One of them has gone; closing tells the other.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private synchronized void awaitMended() {
    try {
      while (cut) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(AutoCloseable closing) {
    try {
      closing.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
