// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.capture;

import dev.redrive.diagnostics.artifact.Content;
import dev.redrive.diagnostics.artifact.LimitedOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** What somebody sends, as it comes. */
public record Upload(InputStream body) implements Content {

  @Override
  public void writeTo(Path file, long most) throws IOException {
    try (LimitedOutput out = new LimitedOutput(file, most)) {
      body.transferTo(out);
    }
  }
}
