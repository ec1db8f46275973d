// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics;

import dev.redrive.diagnostics.artifact.ArtifactRefusedException;
import dev.redrive.diagnostics.artifact.Artifacts;
import dev.redrive.diagnostics.artifact.Content;
import dev.redrive.diagnostics.artifact.Label;
import dev.redrive.diagnostics.artifact.Task;
import dev.redrive.thread.DaemonThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes artifacts that somebody asked for, on a few threads of its own, and remembers for a while
 * which could not be made. Of each type that burdens the process one is made at a time.
 */
final class Making implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Making.class);
  private static final int THREADS = 3;
  private static final int QUEUE = 16;
  private static final int MOST_FAILED = 100;

  private final Artifacts artifacts;
  private final ThreadPoolExecutor threads;
  private final Map<String, Task> tasks = new LinkedHashMap<>();

  Making(Artifacts artifacts) {
    this.artifacts = artifacts;
    this.threads = DaemonThreads.pool("redrive-diagnostics", THREADS, QUEUE);
  }

  /**
   * Begins.
   *
   * @param alone whether only one of its type is made at a time
   * @return empty where there is one already, or too much is under way
   */
  synchronized Optional<Task> begin(Label label, Content content, boolean alone) {
    boolean another =
        tasks.values().stream()
            .anyMatch(task -> task.running() && task.label().type().equals(label.type()));
    if (alone && another) {
      return Optional.empty();
    }
    try {
      threads.execute(() -> make(label, content));
    } catch (RejectedExecutionException e) {
      return Optional.empty();
    }
    Task task = new Task(label, null);
    tasks.put(label.id(), task);
    return Optional.of(task);
  }

  synchronized List<Task> tasks() {
    return new ArrayList<>(tasks.values());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void make(Label label, Content content) {
    try {
      artifacts.put(label, content);
      ended(label, null);
    } catch (ArtifactRefusedException | IOException e) {
      failed(label, e, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ended(label, "the instance is stopping");
    } catch (RuntimeException e) {
      // The edge of this thread: let through, who asked would never hear of it.
      failed(label, e, "making it failed: " + e);
    }
  }

  private void failed(Label label, Exception e, String why) {
    LOGGER
        .atWarn()
        .addKeyValue("artifact", label.id())
        .addKeyValue("type", label.type())
        .setCause(e)
        .log("an artifact could not be made");
    ended(label, why);
  }

  private synchronized void ended(Label label, @Nullable String why) {
    tasks.remove(label.id());
    if (why != null) {
      tasks.put(label.id(), new Task(label, why));
      Iterator<Task> oldest = tasks.values().iterator();
      while (tasks.size() > MOST_FAILED + THREADS + QUEUE) {
        if (!oldest.next().running()) {
          oldest.remove();
        }
      }
    }
  }
}
