// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Redrive makes itself. Pipelines may upload these types and others. */
public enum ArtifactType {
  LOG_BUNDLE,
  THREAD_DUMP,
  PROFILE,
  HEAP_DUMP;

  public static final String RULE = "must be 1 to 40 of the characters a-z 0-9 _, a letter first";

  private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]{0,39}");

  /** The word for it in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Null: Redrive makes no such thing. */
  public static @Nullable ArtifactType of(String word) {
    return Arrays.stream(values())
        .filter(type -> type.word().equals(word))
        .findFirst()
        .orElse(null);
  }

  /** Whether it may be the type of an upload. */
  public static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }
}
