// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The topics that Redrive reads and writes. */
public interface TopicSettings {

  @Doc("Error topics by name. Those of declared pipelines are read too.")
  @WithDefault("redrive-errors")
  List<String> errors();

  @Doc(
      "Error topics by regular expression, which must match the whole name. One that matches a"
          + " topic of Redrive's own is refused.")
  Optional<List<Pattern>> errorPatterns();

  @Doc("Commands come in here.")
  @WithDefault("redrive-commands")
  String commands();

  @Doc("News about replayed records comes in here.")
  @WithDefault("redrive-outcomes")
  String outcomes();

  @Doc("Replays go out here, unless the pipeline has a retry topic of its own.")
  @WithDefault("redrive-retry")
  String retry();

  @Doc("What happened goes out here.")
  @WithDefault("redrive-events")
  String events();

  @Doc("Answers to requests go out here; kept for one hour.")
  @WithDefault("redrive-results")
  String results();

  @Doc("Internal: failures on their way to the letters.")
  @WithDefault("redrive-ledger")
  String ledger();

  @Doc("Internal: everything but failures on its way to the letters.")
  @WithDefault("redrive-control")
  String control();

  @Doc(
      "Create topics that are missing. If false, or not permitted, missing ones are reported at"
          + " start and Redrive does not start; only error topics may come later.")
  @WithDefault("true")
  boolean create();

  @Doc(
      value =
          "Partitions of the internal topics and of the changelog, hence the most tasks that can"
              + " share the letters. Fixed once they are created.",
      min = "1",
      max = "1000")
  @WithDefault("4")
  int partitions();

  @Doc(
      value = "Replicas of the topics that Redrive creates; -1 leaves it to the broker.",
      min = "-1",
      max = "32767")
  @WithDefault("-1")
  int replicationFactor();
}
