// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** The connection that a request came on. */
public final class Connections {

  private Connections() {}

  /**
   * Ends it without ending the answer, so that the client sees that the answer is not whole. For
   * when it has begun and its status can't be taken back.
   */
  public static void cut(Context request) {
    of(request).close();
  }

  static EndPoint of(Context request) {
    return ServletContextRequest.getServletContextRequest(request.req())
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint();
  }
}
