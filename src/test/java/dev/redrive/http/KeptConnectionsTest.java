// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client keeps its connection until an answer says that it ends. One that ends unsaid takes the
 * next request with it, which is lost for whoever does not repeat what is not safe to.
 */
@Timeout(120)
class KeptConnectionsTest {
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW");

  private static final List<String> TARGETS =
      List.of(
          "/api/dlq",
          "/api/runs",
          "/nowhere",
          "/health/live",
          "/openapi.yaml",
          "/docs/swagger-ui-bundle.js",
          "/api/diagnostics/uploads?pipeline_id=a",
          "/api/dlq/a%2Fb",
          "/api/dlq/%00",
          "/api/dlq/%zz",
          "/api/dlq;x=1",
          "/api/dlq/..",
          "//",
          "*");

  private static final List<String> KEYS = List.of(Api.ADMIN, "wrong");

  /** How a request brings its body; clients send the head first, and the body when they can. */
  private enum Body {
    NONE("Content-Length: 0\r\n", ""),
    SHORT("Content-Type: application/json\r\nContent-Length: 9\r\n", "{\"a\": 12}"),
    CHUNKED("Transfer-Encoding: chunked\r\n", "9\r\n{\"a\": 12}\r\n0\r\n\r\n"),
    LONG("Content-Length: 60000\r\n", "x".repeat(60_000));

    private final String headers;
    private final String bytes;

    Body(String headers, String bytes) {
      this.headers = headers;
      this.bytes = bytes;
    }
  }

  /** The status of an answer, and whether it says that the connection ends. */
  private record Answer(int status, boolean last) {}

  private Api api;

  @BeforeEach
  void start() throws IOException {
    api = Api.start();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @EnumSource(Body.class)
  void aConnectionThatEndsIsSaidToEnd(Body body) {
    List<String> unsaid = new ArrayList<>();
    for (String method : METHODS) {
      for (String target : TARGETS) {
        for (String key : KEYS) {
          String line = method + " " + target;
          try {
            ask(line, key, body);
          } catch (IOException e) {
            unsaid.add(line + " with the key " + key + ": " + e);
          }
        }
      }
    }
    assertThat(unsaid).isEmpty();
  }

  @Test
  void whatCannotBeParsedEndsTheConnectionAndSaysSo() throws IOException {
    assertThat(ask("GET /api/dlq/%00", Api.ADMIN, Body.NONE)).isEqualTo(new Answer(400, true));
    assertThat(ask("GET /api/dlq/%zz", Api.ADMIN, Body.NONE)).isEqualTo(new Answer(400, true));
    assertThat(ask("GET /api/dlq/a%2Fb", Api.ADMIN, Body.NONE)).isEqualTo(new Answer(404, false));
  }

  /**
   * Asks, and then something else on the same connection where the answer lets one.
   *
   * @throws IOException where either was not answered
   */
  private Answer ask(String line, String key, Body body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket.setSoTimeout(30_000);
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      send(out, line + " HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + key + "\r\n" + body.headers);
      if (!body.bytes.isEmpty()) {
        sendBody(out, body.bytes);
      }
      Answer answer = read(in, line.startsWith("HEAD "));
      if (!answer.last()) {
        send(out, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n");
        assertThat(read(in, false).status()).as("after " + line).isEqualTo(200);
      }
      return answer;
    }
  }

  private static void send(OutputStream out, String head) throws IOException {
    out.write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  /** The server may have answered and gone before it has all of it. */
  private static void sendBody(OutputStream out, String body) {
    try {
      out.write(body.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    } catch (IOException e) {
      return;
    }
  }

  private static Answer read(InputStream in, boolean head) throws IOException {
    String status = line(in);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    boolean last = headers.getOrDefault("connection", "").equals("close");
    if (!head) {
      skipBody(in, headers);
    }
    return new Answer(Integer.parseInt(status.split(" ", 3)[1]), last);
  }

  private static void skipBody(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      int size;
      do {
        size = Integer.parseInt(line(in), 16);
        in.skipNBytes(size);
        line(in);
      } while (size > 0);
    } else {
      in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended after " + line.size() + " bytes of a line");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }
}
