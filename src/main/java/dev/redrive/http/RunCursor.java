// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.store.RunsQuery;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where a page of runs ended, as text that is good on any instance. */
public final class RunCursor {
  private RunCursor() {}

  public static String write(RunsQuery.Position position) {
    String text = position.createdAt() + " " + position.runId();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The place.
   *
   * @param parameter that the text was given in
   * @throws Problem 400 where the text is no cursor
   */
  public static RunsQuery.Position read(String parameter, String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int space = text.indexOf(' ');
      return new RunsQuery.Position(
          Long.parseLong(text.substring(0, Math.max(0, space))), text.substring(space + 1));
    } catch (IllegalArgumentException e) {
      throw Problem.field(parameter, "is not one of this list; start without it");
    }
  }
}
