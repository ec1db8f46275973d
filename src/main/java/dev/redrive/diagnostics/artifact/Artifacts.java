// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import dev.redrive.diagnostics.artifact.ArtifactRefusedException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The artifacts of one instance: files in a directory of its own, and what is known of them in
 * memory. They survive a restart. Expired ones are as if they were not there, and {@link #sweep}
 * deletes them. All may take a bounded size, and the oldest leave to make room.
 */
public final class Artifacts {
  private static final Logger LOGGER = LoggerFactory.getLogger(Artifacts.class);

  /** So that many files going at once hold up nobody who wants to read one. */
  static final int SWEPT_AT_ONCE = 100;

  private final ArtifactFiles files;
  private final Limits limits;
  private final InstantSource clock;
  private final Map<String, Artifact> there = new HashMap<>();

  /**
   * What may lie here.
   *
   * @param keep for how long
   * @param maxSize bytes of one
   * @param maxTotal bytes of all that are whole; those that are being written come on top
   */
  public record Limits(Duration keep, long maxSize, long maxTotal) {}

  private Artifacts(ArtifactFiles files, Limits limits, InstantSource clock) {
    this.files = files;
    this.limits = limits;
    this.clock = clock;
  }

  /** Opens a directory, which is made where there is none, and clears what a crash has left. */
  public static Artifacts open(Path directory, Limits limits, InstantSource clock)
      throws IOException {
    ArtifactFiles files = new ArtifactFiles(directory);
    Artifacts artifacts = new Artifacts(files, limits, clock);
    files.load().forEach(artifact -> artifacts.there.put(artifact.id(), artifact));
    return artifacts;
  }

  public Limits limits() {
    return limits;
  }

  /** Those that have not expired, in no order. */
  public synchronized List<Artifact> all() {
    long now = clock.millis();
    return there.values().stream().filter(artifact -> !artifact.expired(now)).toList();
  }

  public synchronized Optional<Artifact> find(String id) {
    long now = clock.millis();
    return Optional.ofNullable(there.get(id)).filter(artifact -> !artifact.expired(now));
  }

  /**
   * Makes an artifact. Nobody sees it before it is whole.
   *
   * @throws ArtifactRefusedException where it is too large, or there is no room on the disk
   */
  public Artifact put(Label label, Content content)
      throws IOException, ArtifactRefusedException, InterruptedException {
    Path part = files.part(label.id());
    long most = Room.forOne(limits.maxSize(), files.free());
    try {
      content.writeTo(part, most);
      long size = Files.size(part);
      if (size > most) {
        throw tooLarge(most);
      }
      Artifact artifact = new Artifact(label, size, label.createdAt() + limits.keep().toMillis());
      add(artifact);
      return artifact;
    } catch (Content.TooLargeException e) {
      throw tooLarge(most);
    } finally {
      files.clear(label.id());
    }
  }

  private ArtifactRefusedException tooLarge(long most) {
    return most < limits.maxSize()
        ? new ArtifactRefusedException(
            Reason.NO_ROOM, "it would take more than half of what is free on the disk of state-dir")
        : new ArtifactRefusedException(
            Reason.TOO_LARGE,
            "an artifact may have " + most + " bytes (setting diagnostics.max-size)");
  }

  /**
   * The bytes of one; the caller closes what it gets.
   *
   * @throws IOException where it has just gone
   */
  public FileChannel read(Artifact artifact) throws IOException {
    return files.read(artifact.id());
  }

  /** Deletes one before its time. */
  public synchronized void delete(Artifact artifact) {
    remove(artifact);
  }

  /** Deletes some of what has expired, or has no room under the limits of today. */
  public synchronized int sweep() {
    long now = clock.millis();
    List<Artifact> leaving =
        new ArrayList<>(
            there.values().stream()
                .filter(artifact -> artifact.expired(now))
                .limit(SWEPT_AT_ONCE)
                .toList());
    if (leaving.isEmpty()) {
      leaving.addAll(Room.leaving(there.values(), limits.maxTotal(), Room.MOST));
    }
    leaving.stream().limit(SWEPT_AT_ONCE).forEach(this::remove);
    return leaving.size();
  }

  /** Bytes of all that are here. */
  public synchronized long bytes() {
    return there.values().stream().mapToLong(Artifact::sizeBytes).sum();
  }

  private synchronized void add(Artifact artifact) throws IOException {
    Room.leaving(there.values(), limits.maxTotal() - artifact.sizeBytes(), Room.MOST - 1)
        .forEach(this::remove);
    files.commit(artifact);
    there.put(artifact.id(), artifact);
    LOGGER
        .atInfo()
        .addKeyValue("artifact", artifact.id())
        .addKeyValue("type", artifact.label().type())
        .addKeyValue("bytes", artifact.sizeBytes())
        .addKeyValue("requested_by", String.valueOf(artifact.label().requestedBy()))
        .log("an artifact is there");
  }

  private void remove(Artifact artifact) {
    there.remove(artifact.id());
    try {
      files.delete(artifact.id());
      LOGGER.atInfo().addKeyValue("artifact", artifact.id()).log("an artifact has left");
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("artifact", artifact.id())
          .setCause(e)
          .log("an artifact could not be deleted; it is tried again after the next start");
    }
  }
}
