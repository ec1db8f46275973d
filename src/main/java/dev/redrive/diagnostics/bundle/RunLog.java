// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.bundle;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/**
 * The last log lines of the last runs, in memory: what the log says with {@code run_id} among its
 * key-values or in its MDC. Lines that are not about one run are left out, since they may tell of
 * pipelines that a reader of the run may not see.
 */
public final class RunLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  static final int MOST_RUNS = 200;
  static final int MOST_LINES = 1_000;
  static final int MOST_CHARS = 2 * 1024 * 1024;
  static final int LONGEST_LINE = 8 * 1024;
  private static final String KEY = "run_id";

  private final Map<String, Kept> runs = new LinkedHashMap<>(16, 0.75f, true);
  private long chars;

  /** Of one run. */
  private static final class Kept {
    final Deque<String> lines = new ArrayDeque<>();
    long dropped;
  }

  /**
   * What is held of a run.
   *
   * @param dropped lines that came before these and are no longer held
   */
  public record Lines(List<String> lines, long dropped) {
    public static final Lines NONE = new Lines(List.of(), 0);

    public Lines {
      lines = List.copyOf(lines);
    }
  }

  RunLog() {
    setName("redrive-runs");
  }

  /**
   * Begins to listen to what Redrive logs, until it is closed; not where another logs than ours.
   */
  public static RunLog listen() {
    RunLog log = new RunLog();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      log.setContext(context);
      log.start();
      context.getLogger("dev.redrive").addAppender(log);
    }
    return log;
  }

  @Override
  protected void append(ILoggingEvent event) {
    runId(event).ifPresent(runId -> keep(runId, line(event)));
  }

  /** What is held of a run; nothing, where it logged nothing or too many runs came after it. */
  public synchronized Lines of(String runId) {
    Kept kept = runs.get(runId);
    return kept == null ? Lines.NONE : new Lines(new ArrayList<>(kept.lines), kept.dropped);
  }

  @Override
  public void close() {
    if (getContext() instanceof LoggerContext context) {
      Logger listenedTo = context.getLogger("dev.redrive");
      listenedTo.detachAppender(this);
    }
    stop();
  }

  synchronized void keep(String runId, String line) {
    Kept kept = runs.computeIfAbsent(runId, id -> new Kept());
    kept.lines.add(line);
    chars += line.length();
    if (kept.lines.size() > MOST_LINES) {
      dropFirst(kept);
    }
    Iterator<Kept> leastRecent = runs.values().iterator();
    while (runs.size() > MOST_RUNS || chars > MOST_CHARS) {
      Kept leaving = leastRecent.next();
      if (leaving == kept) {
        dropFirst(kept);
        leastRecent = runs.values().iterator();
      } else {
        leaving.lines.forEach(gone -> chars -= gone.length());
        leastRecent.remove();
      }
    }
  }

  private void dropFirst(Kept kept) {
    chars -= kept.lines.remove().length();
    kept.dropped++;
  }

  private static Optional<String> runId(ILoggingEvent event) {
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        if (pair.key.equals(KEY) && pair.value != null) {
          return Optional.of(pair.value.toString());
        }
      }
    }
    return Optional.ofNullable(event.getMDCPropertyMap().get(KEY));
  }

  private static String line(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(event.getInstant())
        .append(' ')
        .append(event.getLevel())
        .append(" [")
        .append(event.getThreadName())
        .append("] ")
        .append(event.getLoggerName());
    if (event.getKeyValuePairs() != null) {
      event
          .getKeyValuePairs()
          .forEach(
              pair ->
                  line.append(' ').append(pair.key).append("=\"").append(pair.value).append('"'));
    }
    line.append(" - ").append(Objects.requireNonNullElse(event.getFormattedMessage(), ""));
    if (event.getThrowableProxy() != null) {
      line.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()).strip());
    }
    if (line.length() > LONGEST_LINE) {
      line.setLength(LONGEST_LINE);
      line.append("… (cut)");
    }
    return line.toString();
  }
}
