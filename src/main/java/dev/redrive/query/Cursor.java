// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.LetterId;
import dev.redrive.store.PagePosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Walk} as text in {@code [A-Za-z0-9_-]}, good on any instance. It ends in a check over
 * itself and the filters, so that one that was cut, altered or used with other filters is noticed
 * and not taken for a place in another list.
 *
 * <p>Version (1 byte), direction (1), start (8), failed time (8), id (16), check (8), base64url.
 */
public final class Cursor {
  private static final byte VERSION = 1;
  private static final int CHECK = 8;
  private static final int BODY = 1 + 1 + 8 + 8 + 16;

  private Cursor() {}

  /** The text of a walk that has a position. */
  public static String write(Walk walk, LetterFilter filter) {
    PagePosition after = walk.after();
    if (after == null) {
      throw new IllegalArgumentException("a walk has no cursor before its first page");
    }
    ByteBuffer bytes = ByteBuffer.allocate(BODY + CHECK);
    bytes.put(VERSION).put((byte) (walk.oldestFirst() ? 1 : 0)).putLong(walk.startedAt());
    bytes.putLong(after.failedAt()).putLong(after.id().high()).putLong(after.id().low());
    bytes.put(check(bytes.array(), filter), 0, CHECK);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Empty where the text is no cursor, or one of a list with other filters. */
  public static Optional<Walk> read(String text, LetterFilter filter) {
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (all.length != BODY + CHECK || all[0] != VERSION) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(all, 1, BODY - 1);
    boolean oldestFirst = bytes.get() == 1;
    long startedAt = bytes.getLong();
    PagePosition after =
        new PagePosition(bytes.getLong(), new LetterId(bytes.getLong(), bytes.getLong()));
    ByteBuffer check = ByteBuffer.wrap(all, BODY, CHECK);
    return check.equals(ByteBuffer.wrap(check(all, filter), 0, CHECK))
        ? Optional.of(new Walk(startedAt, oldestFirst, after))
        : Optional.empty();
  }

  private static byte[] check(byte[] cursor, LetterFilter filter) {
    MessageDigest digest = sha256();
    digest.update(cursor, 0, BODY);
    ByteBuffer bounds = ByteBuffer.allocate(16);
    digest.update(bounds.putLong(filter.since()).putLong(filter.until()).array());
    filter
        .attributes()
        .forEach(
            (attribute, values) -> {
              update(digest, attribute.wire());
              values.forEach(value -> update(digest, value));
            });
    LetterFilter.Text text = filter.text();
    update(digest, text.errorMessage());
    update(digest, text.recordId());
    update(digest, text.payload());
    update(digest, text.header());
    return digest.digest();
  }

  private static void update(MessageDigest digest, @Nullable String text) {
    byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    int length = text == null ? -1 : bytes.length;
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
