// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.filter.LetterFilter;
import dev.redrive.query.Cursor;
import dev.redrive.query.Walk;
import io.javalin.http.Context;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/**
 * Where lists of letters go on, as their callers get it. A page that was given up early ends at a
 * letter that it did not show, so for a key that sees some pipelines only the place is encrypted:
 * it would tell of a letter of another.
 */
public final class Places {
  private static final String SECRET = "redrive.places";

  private Places() {}

  static void enter(Context request, String secret) {
    request.attribute(SECRET, secret);
  }

  /** The text of a walk that has a position. */
  public static String write(Context request, Walk walk, LetterFilter filter) {
    String cursor = Cursor.write(walk, filter);
    if (!Caller.of(request).restricted()) {
      return cursor;
    }
    return hidden(request).hide(Base64.getUrlDecoder().decode(cursor));
  }

  /** Empty where the text is no cursor, or one of a list with other filters or another caller's. */
  public static Optional<Walk> read(Context request, String text, LetterFilter filter) {
    if (!Caller.of(request).restricted()) {
      return Cursor.read(text, filter);
    }
    return hidden(request)
        .read(text)
        .flatMap(
            plain ->
                Cursor.read(Base64.getUrlEncoder().withoutPadding().encodeToString(plain), filter));
  }

  private static HiddenText hidden(Context request) {
    String secret = Objects.requireNonNull(request.attribute(SECRET), "secret");
    return new HiddenText(HexFormat.of().parseHex(secret));
  }
}
