// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Sends requests, well-formed ones by a client and others by hand, and waits a bounded time for
 * whole answers.
 */
final class Asker {
  static final Duration LIMIT = Duration.ofSeconds(90);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
  private final int port;

  Asker(int port) {
    this.port = port;
  }

  /**
   * The answer.
   *
   * @throws IOException where none came in time, or the connection ended before it was whole
   */
  Reply ask(Question question) throws IOException, InterruptedException {
    long started = System.nanoTime();
    HttpRequest.Builder request;
    try {
      if (question.raw()) {
        return byHand(question, started);
      }
      request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + question.target()))
              .timeout(LIMIT)
              .method(
                  question.method(),
                  question.body() == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofByteArray(question.body()));
      for (Question.Header header : question.headers()) {
        request.header(header.name(), header.value());
      }
    } catch (IllegalArgumentException e) {
      // No client would send it.
      return byHand(question, started);
    }
    HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
    return new Reply(
        response.statusCode(),
        lowerCase(response.headers().map()),
        new String(response.body(), StandardCharsets.UTF_8),
        System.nanoTime() - started);
  }

  private Reply byHand(Question question, long started) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
      OutputStream out = socket.getOutputStream();
      out.write(head(question).getBytes(StandardCharsets.UTF_8));
      if (question.body() != null) {
        writeBody(out, question.body());
      }
      out.flush();
      return read(socket.getInputStream(), question.method(), started);
    }
  }

  /** A server may answer before it has read a body that is too large, and read no further. */
  private static void writeBody(OutputStream out, byte[] body) {
    try {
      out.write(body);
    } catch (IOException e) {
      return;
    }
  }

  private String head(Question question) {
    StringBuilder head = new StringBuilder();
    head.append(question.method()).append(' ').append(question.target()).append(" HTTP/1.1\r\n");
    head.append("Host: 127.0.0.1:").append(port).append("\r\nConnection: close\r\n");
    for (Question.Header header : question.headers()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    if (question.body() != null) {
      head.append("Content-Length: ").append(question.body().length).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  private static Reply read(InputStream in, String method, long started) throws IOException {
    String status = line(in);
    String[] parts = status.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/")) {
      throw new IOException("no answer but: " + status);
    }
    Map<String, List<String>> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    byte[] body = method.equals("HEAD") ? new byte[0] : body(in, headers);
    return new Reply(
        Integer.parseInt(parts[1]),
        headers,
        new String(body, StandardCharsets.UTF_8),
        System.nanoTime() - started);
  }

  private static byte[] body(InputStream in, Map<String, List<String>> headers) throws IOException {
    if (headers.containsKey("content-length")) {
      int length = Integer.parseInt(headers.get("content-length").get(0));
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new IOException("the answer ended after " + body.length + " of " + length + " bytes");
      }
      return body;
    }
    return headers.getOrDefault("transfer-encoding", List.of()).contains("chunked")
        ? chunks(in)
        : in.readAllBytes();
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(in), 16);
      new ByteArrayInputStream(in.readNBytes(size)).transferTo(all);
      line(in);
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection ended within a line: " + line);
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private static Map<String, List<String>> lowerCase(Map<String, List<String>> headers) {
    Map<String, List<String>> lower = new HashMap<>();
    headers.forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values));
    return lower;
  }
}
