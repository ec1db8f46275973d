// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import dev.redrive.letter.HttpDelivery.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of one call of a failure callback.
 *
 * @param response what it answered, cut to {@link #MAX_BODY} and {@link #MAX_HEADER}; without a
 *     status where no answer came, and then its body says why, for a person
 * @param hopeless whether another call would fare no better
 */
public record CallbackReply(Response response, boolean hopeless) {
  /** Of an answer's body so many bytes are kept. */
  public static final int MAX_BODY = 16 * 1024;

  /** Names and values of an answer's headers that are kept have at most so many bytes together. */
  public static final int MAX_HEADER = 8 * 1024;

  /** So many of them are kept. */
  public static final int MAX_HEADERS = 100;

  private static final int MAX_REASON = 1_000;

  /**
   * An answer came.
   *
   * @param header name and value of each header, in order
   * @param body of which more than {@link #MAX_BODY} bytes are cut off
   */
  public static CallbackReply answered(
      int status, List<Map.Entry<String, String>> header, byte[] body, boolean hopeless) {
    Map<String, List<String>> kept = new LinkedHashMap<>();
    int bytes = 0;
    for (Map.Entry<String, String> field :
        header.subList(0, Math.min(MAX_HEADERS, header.size()))) {
      bytes += utf8(field.getKey()) + utf8(field.getValue());
      if (bytes > MAX_HEADER) {
        break;
      }
      kept.computeIfAbsent(field.getKey(), name -> new ArrayList<>()).add(field.getValue());
    }
    byte[] start = body.length > MAX_BODY ? Arrays.copyOf(body, MAX_BODY) : body;
    return new CallbackReply(new Response(status, kept, RawBytes.of(start)), hopeless);
  }

  /** No answer came. */
  public static CallbackReply none(String why) {
    return new CallbackReply(because(why), false);
  }

  /** It was not called, and is not to be. */
  public static CallbackReply refused(String why) {
    return new CallbackReply(because(why), true);
  }

  public boolean worked() {
    Integer status = response.status();
    return status != null && status >= 200 && status < 300;
  }

  private static int utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Response because(String why) {
    String told = why.length() > MAX_REASON ? why.substring(0, MAX_REASON) : why;
    return new Response(null, Map.of(), RawBytes.utf8(told));
  }
}
