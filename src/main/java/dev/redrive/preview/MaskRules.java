// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.google.re2j.Pattern;
import dev.redrive.config.MaskPath;
import dev.redrive.config.MaskSettings;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is hidden in one pipeline's letters.
 *
 * @param headers in lower case
 */
record MaskRules(List<MaskPath> paths, Set<String> headers, List<Pattern> texts) {
  /** Stands where something is hidden. */
  static final String MASK = "***";

  static MaskRules of(MaskSettings settings) {
    return new MaskRules(
        settings.paths().orElse(List.of()),
        settings.headers().orElse(List.of()).stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()),
        settings.texts().orElse(List.of()));
  }

  MaskRules and(MaskRules more) {
    return new MaskRules(
        joined(paths, more.paths).toList(),
        joined(headers, more.headers).collect(Collectors.toUnmodifiableSet()),
        joined(texts, more.texts).toList());
  }

  boolean none() {
    return !hidePayloads() && headers.isEmpty();
  }

  /** Whether a payload that can't be searched for what to hide must not be shown. */
  boolean hidePayloads() {
    return !paths.isEmpty() || !texts.isEmpty();
  }

  boolean hideHeader(String name) {
    return headers.contains(name.toLowerCase(Locale.ROOT));
  }

  /** The text without what the expressions match; each runs in time linear in it. */
  String clean(String text) {
    String cleaned = text;
    for (Pattern pattern : texts) {
      cleaned = pattern.matcher(cleaned).replaceAll(MASK);
    }
    return cleaned;
  }

  private static <T> Stream<T> joined(Collection<T> one, Collection<T> other) {
    return Stream.concat(one.stream(), other.stream());
  }
}
