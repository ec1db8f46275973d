// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import dev.redrive.letter.Grouping.Group;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The groups of the last traces seen. Failures of one cause come by the thousand with the same
 * trace, and reading it is most of what grouping costs. Bounded: one group for each of a fixed
 * number of hashes, and only for traces of ordinary length.
 */
final class KnownGroups {
  private static final int SLOTS = 256;
  private static final int MAX_TRACE = 16 * 1024;

  private final AtomicReferenceArray<@Nullable Known> slots = new AtomicReferenceArray<>(SLOTS);

  private record Known(
      String pipelineId,
      @Nullable String className,
      @Nullable String rootCause,
      String trace,
      Group group) {

    boolean isOf(String pipeline, FailureError error) {
      return trace.equals(error.stackTrace())
          && pipelineId.equals(pipeline)
          && Objects.equals(className, error.className())
          && Objects.equals(rootCause, error.rootCause());
    }
  }

  @Nullable Group find(String pipelineId, FailureError error) {
    String trace = error.stackTrace();
    if (trace == null || trace.length() > MAX_TRACE) {
      return null;
    }
    Known known = slots.get(slot(pipelineId, trace));
    return known != null && known.isOf(pipelineId, error) ? known.group : null;
  }

  void keep(String pipelineId, FailureError error, Group group) {
    String trace = error.stackTrace();
    if (trace != null && trace.length() <= MAX_TRACE) {
      slots.set(
          slot(pipelineId, trace),
          new Known(pipelineId, error.className(), error.rootCause(), trace, group));
    }
  }

  private static int slot(String pipelineId, String trace) {
    int hash = 31 * pipelineId.hashCode() + trace.hashCode();
    return (hash ^ (hash >>> 16)) & (SLOTS - 1);
  }
}
