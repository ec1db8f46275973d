// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.io.IOException;
import java.nio.file.Path;

/** Makes what is in an artifact. */
@FunctionalInterface
public interface Content {

  /**
   * Writes it.
   *
   * @param file does not exist yet; beside it, names that begin with its name are this content's
   *     too
   * @param most bytes that it may have
   * @throws TooLargeException where it would have more
   */
  void writeTo(Path file, long most) throws IOException, InterruptedException;

  /** It has more bytes than it may have. */
  final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
