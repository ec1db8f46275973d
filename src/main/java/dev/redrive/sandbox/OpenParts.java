// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be closed in reverse, once, also when it is not all there yet. */
final class OpenParts implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(OpenParts.class);

  private final Deque<Part> parts = new ArrayDeque<>();
  private boolean closed;

  private record Part(String name, Runnable close) {}

  /**
   * @throws IllegalStateException if the others are closed already; this one is then closed too
   */
  synchronized void add(String name, Runnable close) {
    parts.push(new Part(name, close));
    if (closed) {
      closeAll();
      throw new IllegalStateException("Stopped while starting");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeAll();
  }

  private void closeAll() {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      try {
        part.close().run();
      } catch (RuntimeException e) {
        // The others must still be closed.
        LOGGER.atWarn().addKeyValue("part", part.name()).setCause(e).log("Closing failed");
      }
    }
  }
}
