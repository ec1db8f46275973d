// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory with two files for each artifact: its bytes, and then its description. An artifact is
 * there when its description is, which comes last by a rename and leaves first; whatever a crash
 * has left of others is cleared away when the directory is opened. Names are made of ids alone.
 */
final class ArtifactFiles {
  private static final Logger LOGGER = LoggerFactory.getLogger(ArtifactFiles.class);
  private static final String BYTES = ".bin";
  private static final String DESCRIPTION = ".json";
  private static final String PART = ".part";

  private final Path directory;

  ArtifactFiles(Path directory) throws IOException {
    this.directory = directory;
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(directory.toAbsolutePath().getParent());
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
  }

  /** Clears what is not whole, and tells the rest. */
  List<Artifact> load() throws IOException {
    List<Artifact> whole = new ArrayList<>();
    for (Path file : list()) {
      String name = String.valueOf(file.getFileName());
      if (name.contains(PART)) {
        Files.deleteIfExists(file);
      } else if (name.endsWith(BYTES) && Files.notExists(description(id(name)))) {
        Files.deleteIfExists(file);
      } else if (name.endsWith(DESCRIPTION)) {
        load(id(name), whole);
      }
    }
    return whole;
  }

  /** A name to write to; whatever begins with it is cleared by {@link #clear}. */
  Path part(String id) {
    return directory.resolve(id + PART);
  }

  /** Bytes that the disk has left for this process. */
  long free() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Makes what was written to {@link #part} an artifact. */
  void commit(Artifact artifact) throws IOException {
    Path part = part(artifact.id());
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(part, bytes(artifact.id()), StandardCopyOption.ATOMIC_MOVE);
    Path written = directory.resolve(artifact.id() + DESCRIPTION + PART);
    try (FileChannel channel =
        FileChannel.open(
            written,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer json = ByteBuffer.wrap(ArtifactJson.bytes(ArtifactJson.write(artifact)));
      while (json.hasRemaining()) {
        channel.write(json);
      }
      channel.force(true);
    }
    Files.move(written, description(artifact.id()), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes what a failed attempt has left. */
  void clear(String id) {
    try {
      for (Path file : list()) {
        if (String.valueOf(file.getFileName()).startsWith(id + PART)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      LOGGER.atWarn().addKeyValue("artifact", id).setCause(e).log("what is left was not deleted");
    }
  }

  /** Whoever reads it goes on reading where the system can do that. */
  void delete(String id) throws IOException {
    Files.deleteIfExists(description(id));
    Files.deleteIfExists(bytes(id));
  }

  FileChannel read(String id) throws IOException {
    return FileChannel.open(bytes(id), StandardOpenOption.READ);
  }

  private void load(String id, List<Artifact> whole) throws IOException {
    try {
      Artifact found =
          ArtifactJson.artifact(ArtifactJson.MAPPER.readTree(Files.readAllBytes(description(id))));
      if (found.id().equals(id)
          && Files.exists(bytes(id))
          && Files.size(bytes(id)) == found.sizeBytes()) {
        whole.add(found);
        return;
      }
      LOGGER.atWarn().addKeyValue("artifact", id).log("an artifact is not whole and is deleted");
      delete(id);
    } catch (IOException e) {
      // A newer Redrive may have written it, so it stays.
      LOGGER.atWarn().addKeyValue("artifact", id).setCause(e).log("an artifact can't be read");
    }
  }

  private Path bytes(String id) {
    return directory.resolve(id + BYTES);
  }

  private Path description(String id) {
    return directory.resolve(id + DESCRIPTION);
  }

  private static String id(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** Those that begin with an id; others are somebody else's. */
  private List<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(
              file ->
                  ArtifactId.isOne(String.valueOf(file.getFileName()).replaceFirst("\\..*", "")))
          .toList();
    }
  }
}
