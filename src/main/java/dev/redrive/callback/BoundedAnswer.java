// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.callback;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/** An answer of which only the start of the body is read; then the connection is closed. */
final class BoundedAnswer implements Response.Listener {
  private final int max;
  private final Consumer<BoundedAnswer> done;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean cut;
  private @Nullable Response response;
  private @Nullable Throwable failure;

  /**
   * Waits for it.
   *
   * @param done told when all that is wanted of it is here, or nothing more will come
   */
  BoundedAnswer(int max, Consumer<BoundedAnswer> done) {
    this.max = max;
    this.done = done;
  }

  @Override
  public void onContent(Response answer, ByteBuffer part) {
    int wanted = Math.min(part.remaining(), max - body.size());
    byte[] bytes = new byte[wanted];
    part.get(bytes);
    body.write(bytes, 0, wanted);
    if (part.hasRemaining() && !cut) {
      cut = true;
      var unused = answer.abort(new CutException());
    }
    part.position(part.limit());
  }

  @Override
  public void onComplete(Result result) {
    response = result.getResponse();
    failure = cut ? null : result.getFailure();
    done.accept(this);
  }

  /** Why there is no whole answer; null: there is. */
  @Nullable Throwable failure() {
    return failure;
  }

  int status() {
    return response == null ? 0 : response.getStatus();
  }

  List<Map.Entry<String, String>> header() {
    return response == null
        ? List.of()
        : response.getHeaders().stream().map(BoundedAnswer::entry).toList();
  }

  byte[] body() {
    return body.toByteArray();
  }

  /** Where it says that the same request is to be sent instead. */
  Optional<String> redirect() {
    if (response == null || failure != null || (status() != 307 && status() != 308)) {
      return Optional.empty();
    }
    return Optional.ofNullable(response.getHeaders().get(HttpHeader.LOCATION));
  }

  private static Map.Entry<String, String> entry(HttpField field) {
    return Map.entry(field.getName(), field.getValue() == null ? "" : field.getValue());
  }

  /** Enough was read. */
  private static final class CutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CutException() {
      super("enough of the answer was read", null, false, false);
    }
  }
}
