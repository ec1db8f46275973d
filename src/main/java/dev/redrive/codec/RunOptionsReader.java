// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunOptions.Canary;
import dev.redrive.command.RunOptions.FailureLimit;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code options} of a command. */
final class RunOptionsReader {
  private static final List<String> FOR_ALL = List.of("dry_run", "name");
  private static final List<String> FOR_REPLAY =
      List.of(
          "rate",
          "max_in_flight",
          "canary",
          "failure_limit",
          "order",
          "keep_order",
          "priority",
          "exclusive");
  private static final int MAX_NAME = 200;

  private RunOptionsReader() {}

  /**
   * @param type of the command; null where that could not be read
   */
  static RunOptions read(@Nullable JsonFields options, @Nullable String type, Problems problems) {
    if (options == null) {
      return RunOptions.NONE;
    }
    options.onlyKnown(
        List.of(
            "rate",
            "max_in_flight",
            "canary",
            "failure_limit",
            "order",
            "priority",
            "dry_run",
            "name",
            "exclusive"),
        List.of("keep_order"));
    if ("discard".equals(type)) {
      FOR_REPLAY.stream()
          .filter(options::hasNonNull)
          .forEach(name -> options.invalid(name, "is only for type replay"));
    }
    if (Boolean.TRUE.equals(options.choice("keep_order"))) {
      problems.unsupported(
          options.at("keep_order"),
          "is not done by this version: letters of one key are replayed oldest first, but not held"
              + " back until the one before has succeeded; leave it out, or replay in several runs");
    }
    Boolean dryRun = options.choice("dry_run");
    String order = options.word("order", List.of("oldest", "newest"));
    return new RunOptions(
        options.number("rate", RunOptions.MIN_RATE, RunOptions.MAX_RATE),
        options.whole("max_in_flight", 1, RunOptions.MAX_IN_FLIGHT),
        canary(options.object("canary")),
        failureLimit(options.object("failure_limit")),
        "newest".equals(order),
        options.word("priority", List.of("high", "normal", "low")),
        dryRun != null && dryRun,
        options.text("name", MAX_NAME),
        options.choice("exclusive"));
  }

  /** Whether the options mean something for one letter alone. */
  static boolean saysNothingOfRuns(@Nullable JsonFields options) {
    return options == null
        || (FOR_ALL.stream().noneMatch(options::hasNonNull)
            && FOR_REPLAY.stream()
                .filter(name -> !name.equals("priority") && !name.equals("keep_order"))
                .noneMatch(options::hasNonNull));
  }

  static void write(JsonGenerator out, RunOptions options) throws IOException {
    out.writeObjectFieldStart("options");
    Double rate = options.rate();
    if (rate != null) {
      out.writeNumberField("rate", rate);
    }
    Integer maxInFlight = options.maxInFlight();
    if (maxInFlight != null) {
      out.writeNumberField("max_in_flight", maxInFlight);
    }
    Canary canary = options.canary();
    if (canary != null) {
      out.writeObjectFieldStart("canary");
      out.writeNumberField("size", canary.size());
      out.writeStringField("wait", canary.waitFor().toMillis() + "ms");
      out.writeNumberField("min_success", canary.minSuccess());
      out.writeEndObject();
    }
    FailureLimit limit = options.failureLimit();
    if (limit != null) {
      out.writeObjectFieldStart("failure_limit");
      out.writeNumberField("share", limit.share());
      out.writeNumberField("window", limit.window());
      out.writeEndObject();
    }
    if (options.newestFirst()) {
      out.writeStringField("order", "newest");
    }
    Json.text(out, "priority", options.priority());
    // Always there: on a single letter it is what tells a run from a plain command.
    out.writeBooleanField("dry_run", options.dryRun());
    Json.text(out, "name", options.name());
    Boolean exclusive = options.exclusive();
    if (exclusive != null) {
      out.writeBooleanField("exclusive", exclusive);
    }
    out.writeEndObject();
  }

  private static @Nullable Canary canary(@Nullable JsonFields canary) {
    if (canary == null) {
      return null;
    }
    canary.onlyKnown(List.of("size", "wait", "min_success"), List.of());
    if (!canary.hasNonNull("size")) {
      canary.invalid("size", "is missing");
    }
    Integer size = canary.whole("size", 1, Canary.MAX_SIZE);
    Duration wait = canary.duration("wait");
    Integer minSuccess = canary.whole("min_success", 1, Canary.MAX_SIZE);
    if (size == null) {
      return null;
    }
    if (minSuccess != null && minSuccess > size) {
      canary.invalid("min_success", "is more than size");
    }
    return new Canary(
        size, wait == null ? Canary.DEFAULT_WAIT : wait, minSuccess == null ? size : minSuccess);
  }

  private static @Nullable FailureLimit failureLimit(@Nullable JsonFields limit) {
    if (limit == null) {
      return null;
    }
    limit.onlyKnown(List.of("share", "window"), List.of());
    if (!limit.hasNonNull("share")) {
      limit.invalid("share", "is missing");
    }
    Double share = limit.number("share", 0, 0.999);
    Integer window = limit.whole("window", 1, FailureLimit.MAX_WINDOW);
    return share == null
        ? null
        : new FailureLimit(share, window == null ? FailureLimit.DEFAULT_WINDOW : window);
  }
}
