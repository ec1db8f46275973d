// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.filter;

import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.RawBytes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link LetterFilter} made ready to be asked about many letters: first about the head, and, only
 * where {@link #needsDetail}, about the detail.
 */
public final class LetterMatcher {
  private final LetterFilter filter;
  private final DetailView view;
  private final @Nullable RecordIdPattern recordId;
  private final @Nullable Bytes payload;
  private final @Nullable Bytes header;
  private final boolean needsDetail;

  private LetterMatcher(LetterFilter filter, DetailView view) {
    this.filter = filter;
    this.view = view;
    LetterFilter.Text text = filter.text();
    this.recordId = text.recordId() == null ? null : RecordIdPattern.of(text.recordId());
    this.payload = text.payload() == null ? null : new Bytes(text.payload());
    this.header = text.header() == null ? null : new Bytes(text.header());
    this.needsDetail =
        text.errorMessage() != null
            || payload != null
            || header != null
            || filter.attributes().keySet().stream().anyMatch(attribute -> !attribute.onHead());
  }

  /**
   * Makes a filter ready. One that is {@link LetterFilter#masked} finds nothing inside texts here:
   * no view says what may be seen of them.
   *
   * @throws IllegalArgumentException where its expression is none that {@link RecordIdPattern}
   *     takes
   */
  public static LetterMatcher of(LetterFilter filter) {
    return of(filter, DetailView.BLIND);
  }

  /**
   * Makes a filter ready.
   *
   * @param masked what it looks at where it is {@link LetterFilter#masked}
   * @throws IllegalArgumentException where its expression is none that {@link RecordIdPattern}
   *     takes
   */
  public static LetterMatcher of(LetterFilter filter, DetailView masked) {
    return new LetterMatcher(filter, masked);
  }

  /** Whether the head alone does not decide. */
  public boolean needsDetail() {
    return needsDetail;
  }

  /** Whether a letter with this head may fit; if not {@link #needsDetail}, whether it does. */
  public boolean fits(LetterHead head) {
    long failedAt = head.facts().failedAt();
    if (failedAt < filter.since() || failedAt > filter.until()) {
      return false;
    }
    for (Map.Entry<Attribute, Set<String>> asked : filter.attributes().entrySet()) {
      if (asked.getKey().onHead() && !any(asked.getKey().of(head), asked.getValue())) {
        return false;
      }
    }
    return recordId == null || recordId.foundIn(head.facts().recordId());
  }

  /**
   * Whether the letter fits as far as its detail says; true where nothing is asked of it.
   *
   * @param detail as it is stored: what of it counts is decided here
   */
  public boolean fits(LetterHead head, FailureDetail detail) {
    return !needsDetail
        || inDetail(filter.masked() ? view.masked(head.facts().pipelineId(), detail) : detail);
  }

  private boolean inDetail(FailureDetail detail) {
    for (Map.Entry<Attribute, Set<String>> asked : filter.attributes().entrySet()) {
      if (!asked.getKey().onHead() && !any(asked.getKey().of(detail), asked.getValue())) {
        return false;
      }
    }
    String message = filter.text().errorMessage();
    if (message != null
        && (detail.error().message() == null || !detail.error().message().contains(message))) {
      return false;
    }
    if (payload != null && !payload.in(detail.raw().value())) {
      return false;
    }
    return header == null || inHeaders(detail.raw().headers(), header);
  }

  private static boolean any(List<String> has, Set<String> wanted) {
    for (String value : has) {
      if (wanted.contains(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean inHeaders(List<Header> headers, Bytes part) {
    return headers.stream()
        .anyMatch(header -> header.name().contains(part.text) || part.in(header.value()));
  }

  /** A text looked for in bytes, without decoding them: a payload need not be UTF-8. */
  private static final class Bytes {
    private final String text;
    private final byte[] wanted;

    Bytes(String text) {
      this.text = text;
      this.wanted = RawBytes.utf8(text).array();
    }

    boolean in(@Nullable RawBytes bytes) {
      if (bytes == null) {
        return false;
      }
      byte[] all = bytes.array();
      for (int start = 0; start + wanted.length <= all.length; start++) {
        if (startsAt(all, start)) {
          return true;
        }
      }
      return false;
    }

    private boolean startsAt(byte[] all, int start) {
      for (int i = 0; i < wanted.length; i++) {
        if (all[start + i] != wanted[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
