// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A disk in memory that can be filled. Mounting needs root; who is not has a process whose files
 * may not grow, by its limit for their size, which RocksDB meets at the same places.
 */
abstract sealed class SmallDisk implements AutoCloseable {
  private static final int BLOCK = 64 * 1024;

  /** Mounted where that is allowed. */
  static SmallDisk at(Path directory, long bytes) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    List<String> mount =
        List.of("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", directory.toString());
    return run(mount) ? new Mounted(directory) : new Limited();
  }

  /** From now on nothing more can be written. */
  abstract void fill(RedriveProcess writer) throws IOException, InterruptedException;

  /** For who starts after the one that met the end of the disk. */
  abstract void free() throws IOException, InterruptedException;

  @Override
  public abstract void close() throws IOException, InterruptedException;

  private static final class Mounted extends SmallDisk {
    private final Path directory;
    private ScheduledExecutorService refill;

    Mounted(Path directory) {
      this.directory = directory;
    }

    /** Also takes what the writer frees when it begins again. */
    @Override
    void fill(RedriveProcess writer) throws IOException {
      fillOnce();
      refill =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread named = new Thread(task, "small-disk");
                named.setDaemon(true);
                return named;
              });
      var unused =
          refill.scheduleWithFixedDelay(
              () -> {
                try {
                  fillOnce();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              100,
              100,
              TimeUnit.MILLISECONDS);
    }

    private void fillOnce() throws IOException {
      byte[] block = new byte[BLOCK];
      try (OutputStream out = Files.newOutputStream(filling(), CREATE, APPEND)) {
        while (true) {
          out.write(block);
        }
      } catch (IOException e) {
        if (!Optional.ofNullable(e.getMessage()).orElse("").contains("No space left")) {
          throw e;
        }
      }
    }

    @Override
    void free() throws IOException, InterruptedException {
      stop();
      Files.delete(filling());
    }

    @Override
    public void close() throws IOException, InterruptedException {
      stop();
      run(List.of("umount", "-l", directory.toString()));
    }

    private void stop() throws InterruptedException {
      if (refill != null) {
        refill.shutdownNow();
        refill.awaitTermination(10, TimeUnit.SECONDS);
        refill = null;
      }
    }

    private Path filling() {
      return directory.resolve("filling");
    }
  }

  private static final class Limited extends SmallDisk {
    @Override
    void fill(RedriveProcess writer) throws IOException, InterruptedException {
      if (!run(List.of("prlimit", "--pid", String.valueOf(writer.pid()), "--fsize=1:"))) {
        throw new IOException("prlimit did not limit the size of files");
      }
    }

    @Override
    void free() {}

    @Override
    public void close() {}
  }

  private static boolean run(List<String> line) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
