// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import dev.redrive.filter.Attribute;
import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.http.Caller;
import dev.redrive.http.FilterParameters;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.Wanted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which letters a request means. HTTP deliveries have what is filtered by as attributes; of
 * ordinary letters it is made up of others ({@link Ordinary}), so they are looked for by those.
 */
final class Selection {
  /** What an ordinary letter never has. */
  private static final Set<Attribute> OF_DELIVERIES =
      Set.of(
          Attribute.WORKFLOW_CREATED_AT,
          Attribute.FAILURE_FUNCTION_STATE,
          Attribute.CALLER_IP,
          Attribute.FLOW_CONTROL_KEY,
          Attribute.TOPIC_NAME,
          Attribute.SCHEDULE,
          Attribute.QUEUE_NAME);

  /** What an ordinary letter has under another name. */
  private static final Set<Attribute> TRANSLATED =
      Set.of(
          Attribute.WORKFLOW_URL,
          Attribute.URL,
          Attribute.WORKFLOW_RUN,
          Attribute.MESSAGE_ID,
          Attribute.RESPONSE_STATUS);

  /** One that is being retried is not shown in this family. */
  private static final Set<String> SHOWN = Set.of("pending", "parked");

  private final LetterFilter asked;
  private final LetterFilter visible;
  private final LetterMatcher deliveries;
  private final @Nullable LetterMatcher ordinary;
  private final Wanted wanted;

  private Selection(LetterFilter asked, Caller caller, DetailView masked) {
    this.asked = asked;
    this.visible = FilterParameters.visible(asked.with(Attribute.STATUS, SHOWN), caller);
    this.deliveries = LetterMatcher.of(visible, masked);
    LetterFilter base = visible;
    for (Attribute attribute : TRANSLATED) {
      base = base.with(attribute, Set.of());
    }
    boolean possible = OF_DELIVERIES.stream().allMatch(one -> asked.values(one).isEmpty());
    this.ordinary = possible ? LetterMatcher.of(base, masked) : null;
    this.wanted = wanted(base, possible);
  }

  static Selection of(LetterFilter asked, Caller caller, DetailView masked) {
    return new Selection(asked, caller, masked);
  }

  /** Where to look: whatever fits is there, and more may be. */
  Wanted wanted() {
    return wanted;
  }

  /** What a cursor of this selection belongs to. */
  LetterFilter asked() {
    return asked;
  }

  boolean fits(Letter letter) {
    if (!Ordinary.is(letter)) {
      return deliveries.fits(letter.head()) && deliveries.fits(letter.head(), letter.detail());
    }
    return ordinary != null
        && ordinary.fits(letter.head())
        && any(Attribute.WORKFLOW_URL, Ordinary.url(letter))
        && any(Attribute.URL, Ordinary.url(letter))
        && any(Attribute.WORKFLOW_RUN, Ordinary.workflowRunId(letter))
        && any(Attribute.MESSAGE_ID, Ordinary.messageId(letter.id()))
        && any(Attribute.RESPONSE_STATUS, "0");
  }

  private boolean any(Attribute attribute, String value) {
    Set<String> values = asked.values(attribute);
    return values.isEmpty() || values.contains(value);
  }

  private Wanted wanted(LetterFilter base, boolean possible) {
    boolean translated = TRANSLATED.stream().anyMatch(one -> !asked.values(one).isEmpty());
    if (!possible || !translated) {
      return new Wanted(List.of(visible), Set.of());
    }
    List<LetterFilter> anyOf = new ArrayList<>(List.of(visible));
    Set<LetterId> named = named(Attribute.MESSAGE_ID, Ordinary.MESSAGE);
    if (asked.values(Attribute.MESSAGE_ID).isEmpty()) {
      named = named(Attribute.WORKFLOW_RUN, Ordinary.RUN);
      narrowed(base).ifPresent(anyOf::add);
    }
    return new Wanted(anyOf, named);
  }

  /** The letters that the ids may stand for. */
  private Set<LetterId> named(Attribute attribute, String prefix) {
    return asked.values(attribute).stream()
        .flatMap(id -> Ordinary.letter(prefix, id).stream())
        .collect(Collectors.toSet());
  }

  /** By what the ledger has lists of; empty: no ordinary letter fits. */
  private Optional<LetterFilter> narrowed(LetterFilter base) {
    LetterFilter narrowed = base;
    for (Attribute url : List.of(Attribute.WORKFLOW_URL, Attribute.URL)) {
      if (!asked.values(url).isEmpty()) {
        Set<String> topics = topics(asked.values(url));
        if (!narrowed.values(Attribute.SOURCE_TOPIC).isEmpty()) {
          topics.retainAll(narrowed.values(Attribute.SOURCE_TOPIC));
        }
        if (topics.isEmpty()) {
          return Optional.empty();
        }
        narrowed = narrowed.with(Attribute.SOURCE_TOPIC, topics);
      }
    }
    Set<String> runs = asked.values(Attribute.WORKFLOW_RUN);
    if (!runs.isEmpty()) {
      Set<String> own = runs(runs);
      return own.isEmpty() ? Optional.empty() : Optional.of(narrowed.with(Attribute.LAST_RUN, own));
    }
    return Optional.of(narrowed);
  }

  private static Set<String> topics(Set<String> urls) {
    return urls.stream()
        .filter(url -> url.startsWith(Ordinary.TOPIC) && url.length() > Ordinary.TOPIC.length())
        .map(url -> url.substring(Ordinary.TOPIC.length()))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Set<String> runs(Set<String> ids) {
    Set<String> runs = new LinkedHashSet<>();
    for (String id : ids) {
      if (id.startsWith(Ordinary.RUN) && id.length() > Ordinary.RUN.length()) {
        String bare = id.substring(Ordinary.RUN.length());
        runs.add(bare);
        runs.add("run_" + bare);
      }
    }
    return runs;
  }
}
