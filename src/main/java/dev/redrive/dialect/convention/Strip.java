// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.convention;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The headers that a convention writes and a replay leaves out.
 *
 * @param names whole names
 * @param prefixes starts of names
 */
public record Strip(Set<String> names, List<String> prefixes) {
  public static final Strip NOTHING = new Strip(Set.of(), List.of());

  public Strip {
    names = Set.copyOf(names);
    prefixes = List.copyOf(prefixes);
  }

  public static Strip names(String... names) {
    return new Strip(Set.of(names), List.of());
  }

  public static Strip prefixes(String... prefixes) {
    return new Strip(Set.of(), List.of(prefixes));
  }

  public Strip andNames(String... more) {
    Set<String> all = new TreeSet<>(names);
    all.addAll(List.of(more));
    return new Strip(all, prefixes);
  }

  public boolean matches(String header) {
    if (names.contains(header)) {
      return true;
    }
    for (String prefix : prefixes) {
      if (header.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** For people: prefixes with a star, then names, each in order. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    prefixes.forEach(prefix -> texts.add(prefix + "*"));
    texts.addAll(new TreeSet<>(names));
    return texts;
  }
}
