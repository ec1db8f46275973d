// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One declared pipeline. */
public interface PipelineSettings {

  @Doc("Id of the pipeline, at most 249 characters: as its failures name it, or as you like.")
  String id();

  @Doc(value = "Name for people.", byDefault = "the id")
  Optional<String> name();

  @Doc(
      value =
          "Error topics whose records belong to this pipeline, unless the record itself names"
              + " another.")
  Optional<List<String>> errorTopics();

  @Doc(
      value = "Where its replays go: a topic, or `origin` for the topic each record came from.",
      byDefault = "`topics.retry`")
  Optional<@WithConverter(RetryTopic.FromText.class) RetryTopic> retryTopic();

  @Doc(
      value =
          "Replays per second at most of a run that may touch this pipeline. Single replays do not"
              + " count.",
      min = "1",
      max = "1000000",
      byDefault = "no ceiling")
  Optional<Integer> maxReplaysPerSecond();

  @Doc(
      value =
          "Replays of this pipeline's letters in any hour, asked for or automatic. Runs and automatic"
              + " retry wait, a command on one letter is refused. Each ledger partition holds to"
              + " its part: this divided by `topics.partitions`, rounded up.",
      min = "1",
      max = "100000000",
      byDefault = "no limit")
  Optional<Integer> maxReplaysPerHour();

  /** Replays that nobody asks for one by one. */
  PipelineRetry retry();

  @Doc(
      value = "How long a replay waits for its outcome.",
      min = "1s",
      max = "30d",
      byDefault = "`replay.settle-timeout`")
  Optional<Duration> settleTimeout();

  @Doc(
      value =
          "How long its letters are kept, from when their last failure arrived. Older ones are"
              + " removed, with an event. The first start after a pipeline got or lost this makes"
              + " the stores' indexes anew.",
      min = "1m",
      max = "3650d")
  Optional<Duration> retention();

  /** What is hidden in its letters, beside what is hidden everywhere. */
  MaskSettings masks();

  @Doc(
      value =
          "Whether its dead letters lack the headers of the record, and so of a replay. Then"
              + " Redrive remembers where each replay landed, and knows by that which letter has"
              + " failed again. Share groups are known without this.")
  @WithDefault("false")
  boolean dropsHeaders();

  /** How the outcomes of its replays are known where nobody tells them. */
  PipelineOutcomes outcomes();
}
