// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names that artifacts are downloaded under. They come from callers, so they are of few characters:
 * none that a header, a shell or a path would read as more than a name.
 */
public final class FileName {
  public static final String RULE =
      "must be 1 to 100 of the characters A-Z a-z 0-9 . _ - and begin with a letter or digit";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final String BYTES = "application/octet-stream";
  private static final Map<String, String> TYPES =
      Map.of("zip", "application/zip", "txt", "text/plain", "log", "text/plain");

  private FileName() {}

  public static boolean isOne(String text) {
    return NAME.matcher(text).matches();
  }

  /** What a download says that it is; by its name, never by what an uploader claims. */
  public static String mediaType(String fileName) {
    int dot = fileName.lastIndexOf('.');
    return TYPES.getOrDefault(fileName.substring(dot + 1).toLowerCase(Locale.ROOT), BYTES);
  }
}
