// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import dev.redrive.codec.ArtifactUse.What;
import dev.redrive.diagnostics.Diagnostics;
import dev.redrive.diagnostics.Found;
import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.ByteRange;
import dev.redrive.diagnostics.artifact.ByteRange.Part;
import dev.redrive.diagnostics.artifact.FileName;
import dev.redrive.http.Caller;
import dev.redrive.http.Connections;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends an artifact or a range of it, as it is read. What goes wrong after the first bytes cuts the
 * connection, so that a part never passes for the whole.
 */
final class Download {
  private static final Logger LOGGER = LoggerFactory.getLogger(Download.class);

  /** Each holds a thread and an open file for as long as its client takes. */
  private static final int AT_ONCE = 8;

  private static final int BUFFER = 64 * 1024;

  private final Diagnostics diagnostics;
  private final Semaphore free = new Semaphore(AT_ONCE);

  Download(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  void get(Context request) throws IOException {
    Parameters.of(request);
    String id = ArtifactReads.id(request);
    Found found = diagnostics.find(id);
    Artifact artifact =
        ArtifactReads.seen(found, Caller.of(request))
            .findFirst()
            .orElseThrow(() -> ArtifactReads.absent(found, id));
    Part wanted = part(request, artifact);
    if (request.method().equals(HandlerType.HEAD)) {
      return;
    }
    if (!free.tryAcquire()) {
      throw Problem.unavailable(
          AT_ONCE + " downloads are under way, and no more run at once; try again later",
          List.of());
    }
    try (InputStream in = open(found, artifact, wanted)) {
      ArtifactAudit.told(request, What.DOWNLOADED, artifact.label());
      send(request, artifact, wanted, in);
    } finally {
      free.release();
    }
  }

  private InputStream open(Found found, Artifact artifact, Part wanted) {
    try {
      return diagnostics.open(found, artifact, wanted.from(), wanted.length());
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("artifact", artifact.id())
          .setCause(e)
          .log("an artifact can't be read");
      throw Problem.unavailable("the artifact can't be read now; try again", List.of());
    }
  }

  /** What is to be sent, with the status and headers that say so. */
  private static Part part(Context request, Artifact artifact) {
    long size = artifact.sizeBytes();
    String tag = '"' + artifact.id() + '"';
    // What an id stands for never changes, so the id is its strong tag.
    String ifRange = request.header("If-Range");
    String range = ifRange == null || ifRange.equals(tag) ? request.header("Range") : null;
    ByteRange asked = ByteRange.of(range, size);
    if (asked instanceof ByteRange.Unsatisfiable) {
      request.header("Content-Range", "bytes */" + size);
      throw Problem.of(
          416, "range_not_satisfiable", "the artifact has " + size + " bytes, and none of these");
    }
    Part part = asked instanceof Part some ? some : new Part(0, size - 1);
    request
        .status(asked instanceof Part ? 206 : 200)
        .contentType(FileName.mediaType(artifact.label().fileName()))
        .header("Accept-Ranges", "bytes")
        .header("ETag", tag)
        .header("Content-Length", Long.toString(part.length()))
        .header(
            "Content-Disposition", "attachment; filename=\"" + artifact.label().fileName() + '"');
    if (asked instanceof Part) {
      request.header("Content-Range", "bytes " + part.from() + '-' + part.to() + '/' + size);
    }
    // A part of something compressed is no part of the file.
    request.disableCompression();
    return part;
  }

  private static void send(Context request, Artifact artifact, Part wanted, InputStream in) {
    try {
      copy(in, request.outputStream(), wanted.length());
    } catch (IOException e) {
      LOGGER
          .atDebug()
          .addKeyValue("artifact", artifact.id())
          .setCause(e)
          .log("a download ended early");
      Connections.cut(request);
    }
  }

  /** Copies just so many bytes; also behind the door of peers. */
  static void copy(InputStream in, OutputStream out, long length) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = length;
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (read < 0) {
        throw new EOFException(left + " bytes did not come");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
    out.flush();
  }
}
