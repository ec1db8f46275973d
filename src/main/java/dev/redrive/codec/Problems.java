// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.Refusal;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with something that was read, so that its writer learns all of it at once. */
final class Problems {
  private static final int SHOWN = 5;

  private final List<String> invalid = new ArrayList<>();
  private final List<String> unsupported = new ArrayList<>();

  /**
   * Remembers something that is wrong.
   *
   * @param pointer JSON pointer of the place; empty: the whole
   */
  void invalid(String pointer, String what) {
    invalid.add(pointer.isEmpty() ? "it " + what : pointer + " " + what);
  }

  /** Remembers something that is right but not done by this version. */
  void unsupported(String pointer, String what) {
    unsupported.add(pointer + " " + what);
  }

  boolean none() {
    return invalid.isEmpty() && unsupported.isEmpty();
  }

  /**
   * One refusal of all. What is not supported comes first: beside it most complaints are only about
   * fields that go with it.
   */
  Refusal refusal(String what) {
    if (!unsupported.isEmpty()) {
      return new Refusal(Refusal.Code.UNSUPPORTED, text(what, unsupported));
    }
    return new Refusal(Refusal.Code.INVALID, text(what, invalid));
  }

  private static String text(String what, List<String> problems) {
    List<String> shown = problems.subList(0, Math.min(SHOWN, problems.size()));
    String more = problems.size() > SHOWN ? "; and " + (problems.size() - SHOWN) + " more" : "";
    return Json.wellFormed(what + ": " + String.join("; ", shown) + more);
  }
}
