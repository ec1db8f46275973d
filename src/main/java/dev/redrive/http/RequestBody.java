// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/** The JSON object that a request carries, read field by field; what is wrong names its field. */
public final class RequestBody {
  private static final String LIMIT = "redrive.max-body";
  private static final String READ = "redrive.body-read";
  private static final int MOST_DROPPED = 8 * 1024 * 1024;
  private static final Duration DROPPED_WITHIN = Duration.ofSeconds(3);

  /** A sender of a byte now and then would hold its thread for days. */
  private static final Duration READ_WITHIN = Duration.ofSeconds(60);

  private final ObjectNode fields;

  private RequestBody(ObjectNode fields) {
    this.fields = fields;
  }

  /** Says how much of this request's body may be read. */
  static void limit(Context request, int bytes) {
    request.attribute(LIMIT, bytes);
  }

  /** Says that this request's body was read to its end. */
  static void wasRead(Context request) {
    request.attribute(READ, true);
  }

  /**
   * Takes a body that nobody read off the connection. Left there, the server would end the
   * connection without a word: the next request on it would get no answer, and where the bytes of
   * the body met a closed socket, this one's answer would be cut. A body that is too large for that
   * is told its sender, who finds the connection closed; and so is one that does not come, since
   * whoever has no key could hold all threads otherwise.
   */
  static void dropUnread(Context request) {
    long length = request.req().getContentLengthLong();
    boolean has = length > 0 || request.header("Transfer-Encoding") != null;
    if (has && request.attribute(READ) == null && !dropped(request, length)) {
      request.header("Connection", "close");
    }
  }

  private static boolean dropped(Context request, long length) {
    EndPoint connection = Connections.of(request);
    long idle = connection.getIdleTimeout();
    try {
      ServletInputStream in = request.req().getInputStream();
      if (in.isFinished() || length > MOST_DROPPED) {
        return in.isFinished();
      }
      connection.setIdleTimeout(DROPPED_WITHIN.toMillis());
      return take(in, MOST_DROPPED + 1, DROPPED_WITHIN, OutputStream.nullOutputStream())
          <= MOST_DROPPED;
    } catch (IOException e) {
      return false;
    } finally {
      connection.setIdleTimeout(idle);
    }
  }

  /**
   * Takes the body, or so many bytes of it, off the connection.
   *
   * @return how many there were
   * @throws InterruptedIOException where it does not come to its end in this time and that of an
   *     idle connection
   */
  private static int take(InputStream in, int most, Duration within, OutputStream to)
      throws IOException {
    long began = System.nanoTime();
    byte[] part = new byte[Math.min(most, 8 * 1024)];
    int all = 0;
    while (all < most) {
      int read = in.read(part, 0, Math.min(part.length, most - all));
      if (read < 0) {
        break;
      }
      to.write(part, 0, read);
      all += read;
      if (System.nanoTime() - began > within.toNanos()) {
        throw new InterruptedIOException("it took more than " + within.toSeconds() + " s");
      }
    }
    return all;
  }

  /**
   * The body; no body is an object without fields.
   *
   * @param known the fields it may have
   * @throws Problem 400, 408, 413 or 415
   */
  public static RequestBody of(Context request, Set<String> known) {
    byte[] bytes = bytes(request);
    if (bytes.length == 0) {
      return new RequestBody(JsonNodeFactory.instance.objectNode());
    }
    requireJson(request.contentType());
    ObjectNode object = parse(bytes);
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw Problem.field(name, "is not a field of this request");
              }
            });
    return new RequestBody(object);
  }

  /** All of it, for a reader of its own. */
  public ObjectNode object() {
    return fields;
  }

  /** All of it, for a reader of its own. */
  public JsonNode json() {
    return fields;
  }

  /**
   * A text; empty where it is absent or null.
   *
   * @param max characters at most
   */
  public Optional<String> text(String field, int max) {
    JsonNode node = fields.get(field);
    if (node == null || node.isNull()) {
      return Optional.empty();
    }
    if (!node.isTextual()) {
      throw Problem.field(field, "must be a text");
    }
    if (node.textValue().length() > max) {
      throw Problem.field(field, "must have at most " + max + " characters");
    }
    return Optional.of(node.textValue());
  }

  /** One of a few words; empty where it is absent or null. */
  public Optional<String> word(String field, Set<String> words) {
    Optional<String> given = text(field, Integer.MAX_VALUE);
    if (given.isPresent() && !words.contains(given.get())) {
      throw Problem.field(field, "must be one of " + String.join(", ", words));
    }
    return given;
  }

  private static byte[] bytes(Context request) {
    Integer limit = request.attribute(LIMIT);
    int max = limit == null ? 0 : limit;
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (request.req().getContentLengthLong() > max
          || take(request.req().getInputStream(), max + 1, READ_WITHIN, bytes) > max) {
        throw Problem.of(
            413, "body_too_large", "the body may have " + max + " bytes (setting http.max-body)");
      }
      wasRead(request);
      return bytes.toByteArray();
    } catch (InterruptedIOException e) {
      throw Problem.of(408, "request_timeout", "the body came too slowly: " + e.getMessage());
    } catch (IOException e) {
      throw Problem.of(400, "invalid_request", "the body could not be read to its end");
    }
  }

  private static void requireJson(@Nullable String contentType) {
    if (contentType == null) {
      return;
    }
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    if (!type.strip().toLowerCase(Locale.ROOT).equals(Json.TYPE)) {
      throw Problem.of(
          415,
          "unsupported_media_type",
          "the body must be JSON; send it with the header Content-Type: " + Json.TYPE);
    }
  }

  private static ObjectNode parse(byte[] bytes) {
    try {
      if (Json.MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      throw Problem.field(
          "body",
          "is not JSON, or has a field twice"
              + (place == null
                  ? ""
                  : " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")"));
    } catch (IOException e) {
      throw new IllegalStateException("reading an array can't fail", e);
    }
    throw Problem.field("body", "must be a JSON object");
  }
}
