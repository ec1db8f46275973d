// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.filter;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant: those that fit all of these. {@link LetterMatcher} says whether one
 * does.
 *
 * @param attributes per attribute the values of which a letter must have one; never an empty set
 * @param since earliest time of the last failure, inclusive, epoch milliseconds
 * @param until latest time of the last failure, inclusive, epoch milliseconds
 * @param masked whether details are looked at as somebody sees them who may not see through masks:
 *     else they could find a hidden value by searching for it
 */
public record LetterFilter(
    Map<Attribute, Set<String>> attributes, long since, long until, Text text, boolean masked) {
  public static final LetterFilter ALL =
      new LetterFilter(Map.of(), Long.MIN_VALUE, Long.MAX_VALUE, Text.ANY, false);

  /** More values of one attribute are no question of a person or a page. */
  public static final int MAX_VALUES = 1_000;

  /**
   * What is looked for inside texts. Null: anything.
   *
   * @param errorMessage a part of the error message
   * @param recordId a regular expression (RE2) found anywhere in the record id
   * @param payload a part of the record's value, as UTF-8
   * @param header a part of a header's name or value, as UTF-8
   */
  public record Text(
      @Nullable String errorMessage,
      @Nullable String recordId,
      @Nullable String payload,
      @Nullable String header) {
    public static final Text ANY = new Text(null, null, null, null);

    public static final int MAX_LENGTH = 1_000;
  }

  public LetterFilter {
    Map<Attribute, Set<String>> copy = new EnumMap<>(Attribute.class);
    attributes.forEach(
        (attribute, values) -> {
          if (!values.isEmpty()) {
            copy.put(attribute, Collections.unmodifiableSet(new TreeSet<>(values)));
          }
        });
    attributes = Collections.unmodifiableMap(copy);
  }

  /** Whether every letter fits. */
  public boolean all() {
    return equals(masked ? ALL.asMasked(true) : ALL);
  }

  /** What is asked of an attribute; empty: anything. */
  public Set<String> values(Attribute attribute) {
    return attributes.getOrDefault(attribute, Set.of());
  }

  /** The same with these values of an attribute; empty: any. */
  public LetterFilter with(Attribute attribute, Set<String> values) {
    Map<Attribute, Set<String>> changed = new EnumMap<>(Attribute.class);
    changed.putAll(attributes);
    changed.put(attribute, values);
    return new LetterFilter(changed, since, until, text, masked);
  }

  /** The same within these times, both inclusive. */
  public LetterFilter between(long earliest, long latest) {
    return new LetterFilter(attributes, earliest, latest, text, masked);
  }

  /** The same with these texts looked for. */
  public LetterFilter with(Text wanted) {
    return new LetterFilter(attributes, since, until, wanted, masked);
  }

  /** The same for somebody who sees letters masked, or for somebody who sees through masks. */
  public LetterFilter asMasked(boolean hidden) {
    return new LetterFilter(attributes, since, until, text, hidden);
  }
}
