// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import dev.redrive.diagnostics.artifact.Content.TooLargeException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is given up where it gets larger than it may be. */
public final class LimitedOutput extends OutputStream {
  private static final int BUFFER = 64 * 1024;

  private final OutputStream out;
  private final long most;
  private long written;

  public LimitedOutput(Path file, long most) throws IOException {
    this.out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
    this.most = most;
  }

  @Override
  public void write(int b) throws IOException {
    count(1);
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    count(length);
    out.write(bytes, from, length);
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void count(int more) throws TooLargeException {
    written += more;
    if (written > most) {
      throw new TooLargeException();
    }
  }
}
