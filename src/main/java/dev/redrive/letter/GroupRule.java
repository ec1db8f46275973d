// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts failures into a group by a name, whatever their traces say. All that is given must fit.
 *
 * @param name of the group
 * @param className name of the error's class or of its root cause; with {@code *} at its end, their
 *     start. Null: any
 * @param message a part of the error message; null: any
 * @param pipelines ids; empty: all
 */
public record GroupRule(
    String name, @Nullable String className, @Nullable String message, Set<String> pipelines) {
  private static final String REST = "*";

  public GroupRule {
    pipelines = Set.copyOf(pipelines);
  }

  /**
   * Whether a failure goes into the group.
   *
   * @param rootCause class of the deepest cause, where it is known
   */
  boolean fits(String pipelineId, FailureError error, @Nullable String rootCause) {
    String text = error.message();
    return (pipelines.isEmpty() || pipelines.contains(pipelineId))
        && (message == null || (text != null && text.contains(message)))
        && (className == null || isClass(error.className()) || isClass(rootCause));
  }

  private boolean isClass(@Nullable String name) {
    String wanted = className;
    if (name == null || wanted == null) {
      return false;
    }
    return wanted.endsWith(REST)
        ? name.startsWith(wanted.substring(0, wanted.length() - REST.length()))
        : name.equals(wanted);
  }
}
