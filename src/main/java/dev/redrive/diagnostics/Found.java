// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics;

import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.Task;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all instances together have of artifacts.
 *
 * @param artifacts the newest first
 * @param at where those are that do not lie here, by their ids
 * @param tasks those that are being made, and those that could not be
 * @param missing instances that did not answer, with the reason
 */
public record Found(
    List<Artifact> artifacts,
    Map<String, URI> at,
    List<Task> tasks,
    SortedMap<String, String> missing) {

  public Found {
    artifacts = List.copyOf(artifacts);
    at = Map.copyOf(at);
    tasks = List.copyOf(tasks);
    missing = new TreeMap<>(missing);
  }

  public Optional<Artifact> artifact(String id) {
    return artifacts.stream().filter(one -> one.id().equals(id)).findFirst();
  }

  public Optional<Task> task(String id) {
    return tasks.stream().filter(one -> one.label().id().equals(id)).findFirst();
  }
}
