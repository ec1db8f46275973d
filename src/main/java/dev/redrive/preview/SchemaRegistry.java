// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import dev.redrive.config.RegistrySettings;
import dev.redrive.preview.RegistryClient.SilentException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Schemas by their id, remembered. An id means the same schema for ever, so what was found is not
 * asked again; what was not found is not asked again for a while, and a registry that is silent is
 * left alone altogether for a while, so that it holds few requests up.
 */
public final class SchemaRegistry {
  /** More look-ups at once than this are not begun: HTTP needs its threads. */
  private static final int AT_ONCE = 4;

  private final Optional<RegistryClient> client;
  private final Duration timeout;
  private final Duration rest;
  private final Clock clock;
  private final Map<Integer, Lookup> found;
  private final Map<Integer, Absent> absent;
  private final Semaphore lookups = new Semaphore(AT_ONCE);
  private volatile Absent silent = new Absent("", Long.MIN_VALUE);

  public SchemaRegistry(RegistrySettings settings, Clock clock) {
    this.client = settings.url().map(url -> new RegistryClient(url, settings));
    this.timeout = settings.timeout();
    this.rest = settings.rest();
    this.clock = clock;
    this.found = bounded(settings.cache());
    this.absent = bounded(settings.cache());
  }

  /** Why something is not there, and how long that is believed, epoch milliseconds. */
  private record Absent(String why, long until) {}

  /** What is remembered of a schema; never waits. */
  Optional<Lookup> remembered(int id) {
    Lookup schema = found.get(id);
    if (schema != null) {
      return Optional.of(schema);
    }
    if (client.isEmpty()) {
      return Optional.of(new Lookup.Missing("no registry is set (registry.url)"));
    }
    long now = clock.millis();
    for (@Nullable Absent known : new @Nullable Absent[] {absent.get(id), silent}) {
      if (known != null && now < known.until()) {
        return Optional.of(new Lookup.Missing(known.why()));
      }
    }
    return Optional.empty();
  }

  /** The schema, asked for where it is not remembered; waits no longer than the time-out. */
  Lookup lookUp(int id) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<Lookup> known = remembered(id);
    if (known.isPresent()) {
      return known.get();
    }
    if (!begin(deadline)) {
      return new Lookup.Missing("the registry is busy with other look-ups; try again");
    }
    try {
      // Another request may have asked for the same while this one waited.
      Optional<Lookup> meanwhile = remembered(id);
      return meanwhile.isPresent() ? meanwhile.get() : ask(id, deadline);
    } finally {
      lookups.release();
    }
  }

  private boolean begin(long deadline) {
    try {
      return lookups.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Lookup ask(int id, long deadline) {
    try {
      Lookup.Found schema = new RegisteredSchemas(client.orElseThrow(), deadline).read(id);
      found.put(id, schema);
      return schema;
    } catch (UnreadableDataException e) {
      absent.put(id, restingFor(e.why()));
      return new Lookup.Missing(e.why());
    } catch (SilentException e) {
      silent = restingFor(String.valueOf(e.getMessage()));
      return new Lookup.Missing(silent.why());
    }
  }

  private Absent restingFor(String why) {
    return new Absent(why, clock.millis() + rest.toMillis());
  }

  private static <T> Map<Integer, T> bounded(int size) {
    return Collections.synchronizedMap(
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, T> eldest) {
            return size() > size;
          }
        });
  }
}
