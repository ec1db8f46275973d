// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.diagnostics.Found;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.query.GroupView;
import dev.redrive.query.Reading;
import dev.redrive.query.Reading.Read;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The letters of a run that did not succeed, by their failure groups, as somebody sees them who may
 * not see through masks: a bundle lies there for whoever sees the run. No payload, no header.
 */
final class FailedLetters {
  static final int MOST_LOOKED_UP = 2_000;
  static final int MOST_SAMPLES = 20;

  /** Each was waited for, and the others of its partition would be too. */
  private static final int MOST_UNREAD = 3;

  private static final int MOST_TRACE = 64 * 1024;
  private static final String NO_GROUP = "";

  private final RunSources sources;
  private final Map<String, Found> groups = new LinkedHashMap<>();
  private int lookedUp;
  private int passedOver;
  private int unread;

  FailedLetters(RunSources sources) {
    this.sources = sources;
  }

  /** A group's letters in this run. */
  private static final class Found {
    final String pipelineId;
    final Letter sample;
    int count;

    Found(Letter sample) {
      this.pipelineId = sample.head().facts().pipelineId();
      this.sample = sample;
    }
  }

  /** Adds to a letter's line why it failed, as far as that is known now. */
  void describe(LetterId id, ObjectNode line) {
    if (lookedUp >= MOST_LOOKED_UP || unread >= MOST_UNREAD) {
      passedOver++;
      return;
    }
    lookedUp++;
    Reading<Optional<Letter>> reading = sources.letters().letter(id);
    if (!(reading instanceof Read<Optional<Letter>> read)) {
      unread++;
      return;
    }
    read.value()
        .map(letter -> sources.masks().seen(letter, false).letter())
        .ifPresent(letter -> describe(letter, line));
  }

  private void describe(Letter letter, ObjectNode line) {
    FailureError error = letter.detail().error();
    String groupId = letter.head().facts().groupId();
    line.put("pipeline_id", letter.head().facts().pipelineId())
        .put("record_id", letter.head().facts().recordId())
        .put("error_code", letter.head().facts().errorCode())
        .put("error_class", error.className())
        .put("error_message", error.message())
        .put("group_id", groupId);
    groups.computeIfAbsent(groupId == null ? NO_GROUP : groupId, id -> new Found(letter)).count++;
  }

  /** The groups, the one with most letters first, each with one letter and its trace. */
  ArrayNode groups() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    List<Map.Entry<String, Found>> largestFirst = new ArrayList<>(groups.entrySet());
    largestFirst.sort(Comparator.comparingInt(group -> -group.getValue().count));
    for (Map.Entry<String, Found> group : largestFirst) {
      boolean whole = all.size() < MOST_SAMPLES;
      Found found = group.getValue();
      ObjectNode json =
          all.addObject()
              .put("group_id", group.getKey().isEmpty() ? null : group.getKey())
              .put("pipeline_id", found.pipelineId)
              .put("letters", found.count);
      if (whole) {
        json.put("title", title(group.getKey(), found.pipelineId));
        json.set("sample", sample(found.sample));
      }
    }
    return all;
  }

  /** What is not in it, for a person. */
  List<String> cut() {
    List<String> cut = new ArrayList<>();
    if (passedOver > 0) {
      cut.add(
          "letters.ndjson says of the first "
              + lookedUp
              + " letters that failed why they did; groups.json is made of those, without "
              + passedOver
              + " others");
    }
    if (unread > 0) {
      cut.add(unread + " failed letters could not be read when this was made");
    }
    if (groups.size() > MOST_SAMPLES) {
      cut.add("groups.json has samples of the largest " + MOST_SAMPLES + " groups only");
    }
    return cut;
  }

  private @Nullable String title(String groupId, String pipelineId) {
    if (groupId.isEmpty()
        || !(sources.groups().group(groupId, Set.of(pipelineId))
            instanceof Read<Optional<GroupView>> read)) {
      return null;
    }
    return read.value()
        .map(GroupView::known)
        .map(FailureGroup::title)
        .map(title -> sources.masks().text(Set.of(pipelineId), title))
        .orElse(null);
  }

  private static ObjectNode sample(Letter letter) {
    FailureError error = letter.detail().error();
    return JsonNodeFactory.instance
        .objectNode()
        .put("dlq_id", letter.id().toString())
        .put("error_code", letter.head().facts().errorCode())
        .put("error_class", error.className())
        .put("root_cause", error.rootCause())
        .put("error_message", error.message())
        .put("stack_trace", shortened(error.stackTrace()));
  }

  private static @Nullable String shortened(@Nullable String trace) {
    return trace == null || trace.length() <= MOST_TRACE
        ? trace
        : trace.substring(0, MOST_TRACE) + "… (cut)";
  }
}
