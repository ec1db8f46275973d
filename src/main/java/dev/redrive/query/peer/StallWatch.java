// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.thread.DaemonThreads;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends reads that nothing comes for. A client's body has no time-out of its own. */
final class StallWatch implements AutoCloseable {
  private final Duration longest;
  private final ScheduledThreadPoolExecutor thread;

  StallWatch(Duration longest) {
    this.longest = longest;
    this.thread = new ScheduledThreadPoolExecutor(1, DaemonThreads.named("redrive-peer-stalls"));
    thread.setRemoveOnCancelPolicy(true);
  }

  /** The same stream, watched; closed by its reader, by a stall, or by the end of this. */
  InputStream over(InputStream body, Runnable closed) {
    return new Watched(body, closed);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private final class Watched extends FilterInputStream {
    private final Runnable closed;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Watched(InputStream body, Runnable closed) {
      super(body);
      this.closed = closed;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      Future<?> end;
      try {
        end = thread.schedule(this::giveUp, longest.toMillis(), TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        throw new IOException("this instance is stopping", e);
      }
      try {
        int read = in.read(bytes, from, length);
        if (read < 0 && !open.get()) {
          // To its reader a stream that somebody else closes has come to its end.
          throw new IOException("nothing came for " + longest.toSeconds() + " s");
        }
        return read;
      } finally {
        end.cancel(false);
      }
    }

    @Override
    public void close() throws IOException {
      if (open.getAndSet(false)) {
        closed.run();
        in.close();
      }
    }

    private void giveUp() {
      try {
        close();
      } catch (IOException e) {
        // Its reader hears of it by the read that ends.
      }
    }
  }
}
