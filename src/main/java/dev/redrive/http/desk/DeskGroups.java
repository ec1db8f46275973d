// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.FilterParameters;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.Grouping;
import dev.redrive.letter.Grouping.Group;
import dev.redrive.preview.Masks;
import dev.redrive.query.GroupReader;
import dev.redrive.query.GroupReader.Groups;
import dev.redrive.query.GroupReader.Position;
import dev.redrive.query.GroupView;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.StatisticsReader.Window;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Failure groups. */
final class DeskGroups {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 1_000;
  private static final int MAX_CURSOR = 300;

  private final GroupReader groups;
  private final Masks masks;
  private final UnaryOperator<String> pipelineName;
  private final Grouping grouping;
  private final long newFor;
  private final Clock clock;

  /**
   * @param grouping tells which groups are of several pipelines
   * @param newFor how long a group that appeared or came back is news, milliseconds
   */
  DeskGroups(
      GroupReader groups,
      Masks masks,
      UnaryOperator<String> pipelineName,
      Grouping grouping,
      long newFor,
      Clock clock) {
    this.groups = groups;
    this.masks = masks;
    this.pipelineName = pipelineName;
    this.grouping = grouping;
    this.newFor = newFor;
    this.clock = clock;
  }

  void list(Context request) {
    Parameters parameters =
        Parameters.of(
            request,
            Set.of(Attribute.PIPELINE.wire()),
            "since",
            "until",
            "limit",
            "cursor",
            "allow_partial");
    Caller caller = Caller.of(request);
    LetterFilter seen = FilterParameters.visible(FilterParameters.read(parameters), caller);
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Window window =
        new Window(
            seen.values(Attribute.PIPELINE), seen.since(), seen.until(), Long.MAX_VALUE, true);
    Read<Groups> read =
        Answers.require(
            groups.largest(
                window,
                parameters.text("cursor", MAX_CURSOR).map(DeskGroups::position).orElse(null),
                limit,
                parameters.flag("allow_partial")));

    ObjectNode body = JsonNodeFactory.instance.objectNode();
    var data = body.putArray("data");
    read.value().largest().forEach(group -> data.add(json(group, caller)));
    ObjectNode meta = body.putObject("meta");
    Position next = read.value().next();
    meta.putObject("page").put("limit", limit).put("cursor", next == null ? null : cursor(next));
    meta.put("limit", limit).put("total", read.value().total());
    DeskReads.putMissing(meta, read.missing());
    Json.answer(request, 200, body);
  }

  void get(Context request) {
    Parameters.of(request);
    String id = request.pathParam("id");
    Caller caller = Caller.of(request);
    GroupView group =
        Answers.require(groups.group(id, caller.pipelines()))
            .value()
            .orElseThrow(() -> Problem.notFound("there is no such failure group"));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("data", json(group, caller));
    Json.answer(request, 200, body);
  }

  /**
   * Whether what is known of the group as a whole may tell of letters that the caller may not see.
   */
  private boolean tellsOfOthers(FailureGroup known, Caller caller) {
    return caller.restricted()
        && (grouping.isShared(known.id())
            || !caller.pipelines().containsAll(known.occupied().keySet()));
  }

  private String title(GroupView group, String title, Caller caller) {
    return caller.reveals() || !Group.titleTells(title)
        ? title
        : masks.text(group.counts().keySet(), title);
  }

  private static String cursor(Position next) {
    String text = next.count() + " " + next.id();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Position position(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      int space = Math.max(0, text.indexOf(' '));
      return new Position(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    } catch (IllegalArgumentException e) {
      throw Problem.field("cursor", "is not one of this list; start without it");
    }
  }

  private ObjectNode json(GroupView group, Caller caller) {
    FailureGroup known = group.known();
    boolean partly = known != null && tellsOfOthers(known, caller);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", group.id());
    json.put("title", known == null ? null : title(group, known.title(), caller));
    json.put("count", group.count());
    json.put(
        "state",
        partly ? null : group.state(clock.millis(), newFor).name().toLowerCase(Locale.ROOT));
    json.put("first_seen", partly ? null : IsoTime.write(group.firstSeen()));
    json.put(
        "last_seen", partly && group.sample() == null ? null : IsoTime.write(group.lastSeen()));
    json.put(
        "came_back",
        known == null || partly || known.cameBack() == 0 ? null : IsoTime.write(known.cameBack()));
    json.put("sample", group.sample() == null ? null : group.sample().toString());
    var pipelines = json.putArray("pipelines");
    group.counts().entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(
            pipeline ->
                pipelines
                    .addObject()
                    .put("pipeline_id", pipeline.getKey())
                    .put("name", pipelineName.apply(pipeline.getKey()))
                    .put("count", pipeline.getValue()));
    return json;
  }
}
