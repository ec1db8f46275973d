// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import dev.redrive.letter.LetterId;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids of artifacts. An id is also the name of a file, so nothing else ever gets to the disk. */
public final class ArtifactId {
  private static final String PREFIX = "diag_";
  private static final Pattern ID = Pattern.compile(PREFIX + "[0-7][0-9a-hjkmnp-tv-z]{25}");

  private ArtifactId() {}

  /** One that nobody has. */
  public static String fresh() {
    UUID random = UUID.randomUUID();
    return PREFIX
        + new LetterId(random.getMostSignificantBits(), random.getLeastSignificantBits()).body();
  }

  /** The same for the same words, so that what is to be made once is found where it was made. */
  public static String of(String kind, String what) {
    // Any id with a good hash will do; the letter's is one that fits every path.
    return PREFIX + LetterId.of(kind, what).body();
  }

  public static boolean isOne(String text) {
    return ID.matcher(text).matches();
  }
}
