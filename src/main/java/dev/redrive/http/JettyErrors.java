// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Errors that Jetty finds before any route is looked for, such as {@code %2F} in a path or headers
 * that are too long: the same body as everywhere, and nothing of Jetty's page. Where the path
 * itself can't be read, nobody knows the family, and the form is the desk's.
 */
final class JettyErrors extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Json.TYPE);
    // Jetty gives up the connection of a request that it can't parse, and takes it for one of HTTP
    // 1.0, which need not say so: a client that keeps the connection would lose its next request.
    if (!request.getConnectionMetaData().isPersistent()) {
      response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
    }
    response.write(true, ByteBuffer.wrap(body(request, status)), callback);
    return true;
  }

  private static byte[] body(Request request, int status) {
    String what = status < 500 ? "the request is malformed" : "this failed";
    String path = request.getHttpURI() == null ? null : request.getHttpURI().getPath();
    return Json.bytes(
        Family.of(path == null ? "" : path).error(Problem.of(status, Errors.code(status), what)));
  }
}
