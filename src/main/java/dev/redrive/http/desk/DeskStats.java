// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.filter.LetterFilter.Text;
import dev.redrive.http.Caller;
import dev.redrive.http.FilterParameters;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Json;
import dev.redrive.http.Parameters;
import dev.redrive.query.LetterStatistics;
import dev.redrive.query.Reading.Read;
import dev.redrive.query.StatisticsReader;
import dev.redrive.query.StatisticsReader.Counted;
import dev.redrive.query.StatisticsReader.Window;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Statistics. */
final class DeskStats {
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);

  /** The series of hours goes back this far from the window's end, and no further. */
  private static final long SERIES = 31 * 24 * HOUR;

  private final StatisticsReader statistics;
  private final UnaryOperator<String> pipelineName;
  private final Clock clock;

  DeskStats(StatisticsReader statistics, UnaryOperator<String> pipelineName, Clock clock) {
    this.statistics = statistics;
    this.pipelineName = pipelineName;
    this.clock = clock;
  }

  void stats(Context request) {
    Parameters parameters =
        Parameters.of(
            request,
            FilterParameters.ATTRIBUTES,
            FilterParameters.and("without_groups", "allow_partial"));
    LetterFilter asked = FilterParameters.read(parameters);
    LetterFilter seen = FilterParameters.visible(asked, Caller.of(request));
    long now = clock.millis();
    long hoursSince = Math.floorDiv(Math.min(asked.until(), now) - SERIES, HOUR) * HOUR;
    boolean byGroup = !parameters.flag("without_groups");
    boolean allowPartial = parameters.flag("allow_partial");
    Read<Counted> read =
        isCounted(seen)
            ? counters(seen, hoursSince, byGroup, allowPartial)
            : Answers.require(statistics.counted(seen, hoursSince, byGroup, allowPartial));

    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode data = StatsJson.write(read.value().statistics(), pipelineName, now);
    data.putObject("window")
        .put("since", time(asked.since(), Long.MIN_VALUE))
        .put("until", time(asked.until(), Long.MAX_VALUE));
    body.set("data", data);
    Long wholeSince = read.value().wholeSince();
    if (!read.whole() || wholeSince != null) {
      ObjectNode meta = body.putObject("meta").put("scan_limited", wholeSince != null);
      meta.put("whole_since", wholeSince == null ? null : IsoTime.write(wholeSince + 1));
      DeskReads.putMissing(meta, read.missing());
    }
    Json.answer(request, 200, body);
  }

  /** Whether there are counters for it; what else is asked for is counted letter by letter. */
  private static boolean isCounted(LetterFilter filter) {
    return filter.text().equals(Text.ANY)
        && Set.of(Attribute.PIPELINE).containsAll(filter.attributes().keySet());
  }

  private Read<Counted> counters(
      LetterFilter filter, long hoursSince, boolean byGroup, boolean allowPartial) {
    Window window =
        new Window(
            filter.values(Attribute.PIPELINE), filter.since(), filter.until(), hoursSince, byGroup);
    Read<LetterStatistics> read = Answers.require(statistics.statistics(window, allowPartial));
    return new Read<>(new Counted(read.value(), null), read.missing(), read.behind());
  }

  private static @Nullable String time(long bound, long none) {
    return bound == none ? null : IsoTime.write(bound);
  }
}
