// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.diagnostics;

import dev.redrive.config.KeyHash;
import dev.redrive.diagnostics.Diagnostics;
import dev.redrive.diagnostics.PeerAnswers;
import dev.redrive.diagnostics.PeerAnswers.Answer;
import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.http.Connections;
import dev.redrive.http.Json;
import dev.redrive.http.PeerDoor;
import dev.redrive.http.Problem;
import dev.redrive.http.Route;
import dev.redrive.query.peer.PeerFiles;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;

/** Where the other instances ask about artifacts, with the secret of the peers. */
public final class ArtifactDoor {
  private static final int MAX_QUESTION = 16 * 1024;

  private final KeyHash secret;
  private final Diagnostics diagnostics;
  private final PeerAnswers answers;

  public ArtifactDoor(String secret, Diagnostics diagnostics) {
    this.secret = KeyHash.of(secret);
    this.diagnostics = diagnostics;
    this.answers = diagnostics.answers();
  }

  /** Not one of the API's: neither described nor promised to stay. */
  public Route route() {
    return new Route(HandlerType.POST, PeerFiles.PATH, null, true, this::answer);
  }

  private void answer(Context request) throws IOException {
    PeerDoor.requirePeer(request, secret);
    byte[] question = request.req().getInputStream().readNBytes(MAX_QUESTION);
    Answer answer;
    try {
      answer = answers.answer(question);
    } catch (IOException e) {
      throw Problem.of(400, "invalid_request", String.valueOf(e.getMessage()));
    }
    if (answer instanceof Answer.Known known) {
      Json.answer(request, 200, known.json());
    } else if (answer instanceof Answer.Bytes bytes) {
      send(request, bytes);
    } else {
      throw Problem.notFound("there is no such artifact here");
    }
  }

  private void send(Context request, Answer.Bytes wanted) throws IOException {
    Artifact artifact = wanted.artifact();
    long from = wanted.from();
    if (from < 0 || wanted.length() < 0 || wanted.length() > artifact.sizeBytes() - from) {
      throw Problem.of(400, "invalid_request", "the artifact has not these bytes");
    }
    request.disableCompression();
    try (InputStream in = diagnostics.open(artifact, from)) {
      request
          .contentType("application/octet-stream")
          .header("Content-Length", Long.toString(wanted.length()));
      Download.copy(in, request.outputStream(), wanted.length());
    } catch (IOException e) {
      Connections.cut(request);
    }
  }
}
