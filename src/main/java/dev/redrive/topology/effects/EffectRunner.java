// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.effects;

import dev.redrive.callback.CallbackClient;
import dev.redrive.codec.Effect;
import dev.redrive.codec.Effect.Fetch;
import dev.redrive.codec.EffectId;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Original;
import dev.redrive.thread.DaemonThreads;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the work of one instance that must not be done on stream threads: a few threads, a bounded
 * queue. What does not fit is refused, and asked for again by who keeps it. An effect may be done
 * more than once, and never is where it was not committed.
 */
public final class EffectRunner implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(EffectRunner.class);
  private static final int THREADS = 4;
  private static final int QUEUE = 256;
  private static final long STOP_SECONDS = 2;

  private final Executor executor;
  private final Originals originals;
  private final FetchedOriginals fetched;
  private final CallbackClient callbacks;
  private final Runnable stop;

  private EffectRunner(
      Executor executor,
      Originals originals,
      FetchedOriginals fetched,
      CallbackClient callbacks,
      Runnable stop) {
    this.callbacks = callbacks;
    this.executor = executor;
    this.originals = originals;
    this.fetched = fetched;
    this.stop = stop;
  }

  /**
   * Starts its threads.
   *
   * @param callbacks stays the caller's, who closes it after this
   */
  public static EffectRunner start(
      Originals originals, FetchedOriginals fetched, CallbackClient callbacks) {
    ThreadPoolExecutor threads = DaemonThreads.pool("redrive-effect", THREADS, QUEUE);
    return new EffectRunner(threads, originals, fetched, callbacks, () -> stop(threads));
  }

  /** Reads everything on this executor, which stays the caller's. */
  public static EffectRunner on(
      Executor executor, Originals originals, FetchedOriginals fetched, CallbackClient callbacks) {
    return new EffectRunner(executor, originals, fetched, callbacks, () -> {});
  }

  /** Where what was read waits for who wanted it. */
  public FetchedOriginals fetched() {
    return fetched;
  }

  /**
   * Begins to call a letter's failure callback.
   *
   * @param done told once when it ended, on another thread
   * @return false where there is no room for it now
   */
  public boolean call(Effect effect, Supplier<Letter> letter, Consumer<EffectEntry> done) {
    EffectId id = effect.id();
    return callbacks.call(
        id.owner() + "." + id.number(),
        letter,
        reply -> done.accept(EffectEntry.called(id, effect.attempt(), reply)));
  }

  /**
   * Begins to read the original that an effect is about.
   *
   * @param done told once when it ended, on another thread
   * @return false where there is no room for it now
   */
  public boolean begin(Effect effect, Consumer<EffectEntry> done) {
    Fetch fetch = (Fetch) effect.work();
    return fetch(
        effect.id().owner(),
        fetch.original(),
        failure -> done.accept(new EffectEntry(effect.id(), effect.attempt(), failure)));
  }

  /**
   * Begins to read an original into {@link #fetched}, for who comes back for it by himself. Asked
   * again meanwhile it reads again.
   *
   * @return false where there is no room for it now
   */
  public boolean fetch(LetterId letter, Original original) {
    return fetch(letter, original, failure -> {});
  }

  private boolean fetch(LetterId letter, Original original, FetchEnd end) {
    if (!fetched.reserve(letter, original)) {
      return false;
    }
    try {
      executor.execute(() -> end.told(read(letter, original)));
      return true;
    } catch (RejectedExecutionException e) {
      fetched.drop(letter, original);
      return false;
    }
  }

  /** Hears why nothing was read, or null. */
  private interface FetchEnd {
    void told(@Nullable String failure);
  }

  private @Nullable String read(LetterId letter, Original original) {
    try {
      fetched.put(letter, original, originals.read(original));
      return null;
    } catch (Originals.NotReadException e) {
      // Whose replay it was is told why; a run may meet as many of these as it has letters.
      LOGGER
          .atDebug()
          .addKeyValue("letter_id", letter)
          .addKeyValue("place", original.place())
          .setCause(e)
          .log("an original could not be read");
      fetched.drop(letter, original);
      return String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      // The edge of this thread: let through, who waits would hear of it by the deadline only.
      LOGGER
          .atWarn()
          .addKeyValue("letter_id", letter)
          .addKeyValue("place", original.place())
          .setCause(e)
          .log("reading an original failed");
      fetched.drop(letter, original);
      return "reading it failed: " + e;
    }
  }

  /** Begins nothing more, interrupts what runs and waits a moment for its end. */
  @Override
  public void close() {
    stop.run();
  }

  private static void stop(ThreadPoolExecutor threads) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.atWarn().log("Work outside the stream did not end in time; it is left to the JVM");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
