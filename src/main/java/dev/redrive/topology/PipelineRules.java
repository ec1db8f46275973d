// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.command.RunCommand;
import dev.redrive.config.GroupSettings;
import dev.redrive.config.PipelineRetry;
import dev.redrive.config.PipelineSettings;
import dev.redrive.config.ReplayTimestamp;
import dev.redrive.config.RetryTopic;
import dev.redrive.config.Settings;
import dev.redrive.config.Silence;
import dev.redrive.filter.Attribute;
import dev.redrive.letter.CallbackPolicy;
import dev.redrive.letter.GroupRule;
import dev.redrive.letter.Grouping;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What settings say about pipelines, declared or discovered. */
public final class PipelineRules {
  private final Map<String, Rule> declared = new HashMap<>();
  private final Rule undeclared;
  private final Grouping grouping;
  private final Map<String, Long> retentions = new HashMap<>();
  private final boolean originalTimestamp;
  private final int maxReplayBytes;

  private final Optional<CallbackPolicy> callbacks;
  private final long landingWait;
  private final int partitions;
  private final Duration runHistory;

  /**
   * What holds for one pipeline.
   *
   * @param dropsHeaders whether its dead letters say nothing of the replay that they come from
   * @param maxRate replays per second at most; null: no ceiling
   * @param outcomeGroup the consumer group whose progress tells outcomes
   * @param silenceSucceeds whether a replay worked of which nothing was heard
   * @param replaysPerHour what one partition allows
   */
  private record Rule(
      RetryTopic retryTopic,
      Duration settleTimeout,
      boolean dropsHeaders,
      @Nullable Integer maxRate,
      Optional<String> outcomeGroup,
      boolean silenceSucceeds,
      Optional<Integer> replaysPerHour,
      Optional<RetryPolicy> retry) {}

  public PipelineRules(Settings settings) {
    undeclared =
        new Rule(
            RetryTopic.parse(settings.topics().retry()),
            settings.replay().settleTimeout(),
            false,
            null,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty());
    partitions = settings.topics().partitions();
    for (PipelineSettings pipeline : settings.pipelines()) {
      declared.put(
          pipeline.id(),
          new Rule(
              pipeline.retryTopic().orElse(undeclared.retryTopic),
              pipeline.settleTimeout().orElse(undeclared.settleTimeout),
              pipeline.dropsHeaders(),
              pipeline.maxReplaysPerSecond().orElse(null),
              pipeline.outcomes().group(),
              pipeline.outcomes().silence() == Silence.SUCCEEDED,
              // Rounded up: a partition that may send nothing would never empty.
              pipeline.maxReplaysPerHour().map(all -> (all + partitions - 1) / partitions),
              policy(pipeline.retry())));
    }
    callbacks =
        settings
            .callbacks()
            .allowedHosts()
            .filter(hosts -> !hosts.isEmpty())
            .map(hosts -> new CallbackPolicy(settings.callbacks().delays()));
    landingWait = settings.replay().landingWait().toMillis();
    settings
        .pipelines()
        .forEach(
            pipeline ->
                pipeline
                    .retention()
                    .ifPresent(kept -> retentions.put(pipeline.id(), kept.toMillis())));
    grouping = grouping(settings.groups());
    maxReplayBytes = StreamsProperties.maxRequestBytes(settings);
    runHistory = settings.runs().history();
    originalTimestamp = settings.replay().timestamp() == ReplayTimestamp.ORIGINAL;
  }

  private static Optional<RetryPolicy> policy(PipelineRetry retry) {
    return retry
        .delays()
        .map(
            delays ->
                new RetryPolicy(
                    delays, retry.maxAttempts().orElse(delays.size() + 1), retry.jitterPercent()));
  }

  /** When this letter is replayed unasked; empty: never. */
  Optional<RetryPolicy> retry(LetterHead letter) {
    return of(letter.facts().pipelineId()).retry;
  }

  /** The pipelines with automatic retry. */
  List<String> retried() {
    return declared.entrySet().stream()
        .filter(pipeline -> pipeline.getValue().retry.isPresent())
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** How many replays of the pipeline each partition allows in an hour; empty: any number. */
  Optional<Integer> replaysPerHour(String pipelineId) {
    return of(pipelineId).replaysPerHour;
  }

  /** Largest record that is ever sent to a retry topic. */
  int maxReplayBytes() {
    return maxReplayBytes;
  }

  RetryTopic retryTopic(String pipelineId) {
    return of(pipelineId).retryTopic;
  }

  /** How failures are put into groups. */
  public Grouping grouping() {
    return grouping;
  }

  /** Pipelines that keep letters for a time only, and for how long, milliseconds. */
  Map<String, Long> retentions() {
    return retentions;
  }

  /** How long a replay may stay without news, milliseconds. */
  long settleTimeout(String pipelineId) {
    return of(pipelineId).settleTimeout.toMillis();
  }

  /** Whether its dead letters say nothing of the replay that they come from. */
  boolean dropsHeaders(String pipelineId) {
    return of(pipelineId).dropsHeaders;
  }

  /** The consumer group whose progress tells the outcome of this pipeline's replays. */
  Optional<String> outcomeGroup(String pipelineId) {
    return of(pipelineId).outcomeGroup;
  }

  /** Whether a replay of which nothing was heard in time counts as one that worked. */
  boolean silenceSucceeds(String pipelineId) {
    return of(pipelineId).silenceSucceeds;
  }

  /** All such groups. */
  public Set<String> outcomeGroups() {
    return declared.values().stream()
        .flatMap(rule -> rule.outcomeGroup.stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** How failure callbacks are called; empty: they are not. */
  Optional<CallbackPolicy> callbacks() {
    return callbacks;
  }

  /** Whether replays of this pipeline go to that topic, or go where their records came from. */
  boolean mayReplayTo(String pipelineId, String topic) {
    return !(retryTopic(pipelineId) instanceof RetryTopic.Named named)
        || named.topic().equals(topic);
  }

  /** How long a failure waits for the landing of the replay that it may come from, ms. */
  long landingWait() {
    return landingWait;
  }

  /** Partitions of the ledger. */
  int partitions() {
    return partitions;
  }

  /** How long an ended run is remembered. */
  Duration runHistory() {
    return runHistory;
  }

  /**
   * How many replays per second a run may send: the lowest of what it asks for and of the ceilings
   * of the pipelines that it may touch. Null: no limit.
   */
  @Nullable Double rate(RunCommand command) {
    Set<String> touched = command.target().filter().values(Attribute.PIPELINE);
    Double asked = command.options().rate();
    double lowest = asked == null ? Double.POSITIVE_INFINITY : asked;
    for (Map.Entry<String, Rule> pipeline : declared.entrySet()) {
      Integer ceiling = pipeline.getValue().maxRate;
      if (ceiling != null && (touched.isEmpty() || touched.contains(pipeline.getKey()))) {
        lowest = Math.min(lowest, ceiling);
      }
    }
    return Double.isInfinite(lowest) ? null : (Double) lowest;
  }

  boolean originalTimestamp() {
    return originalTimestamp;
  }

  private static Grouping grouping(GroupSettings settings) {
    List<String> frameworks = new ArrayList<>(Grouping.FRAMEWORKS);
    settings.frameworks().ifPresent(frameworks::addAll);
    List<GroupRule> rules =
        settings.rules().stream()
            .map(
                rule ->
                    new GroupRule(
                        rule.name(),
                        rule.className().orElse(null),
                        rule.message().orElse(null),
                        Set.copyOf(rule.pipelines().orElse(List.of()))))
            .toList();
    return new Grouping(frameworks, rules);
  }

  private Rule of(String pipelineId) {
    return declared.getOrDefault(pipelineId, undeclared);
  }
}
