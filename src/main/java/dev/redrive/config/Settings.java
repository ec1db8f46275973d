// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * All settings of an instance. Each accessor is one setting: {@code http().maxBody()} is {@code
 * http.max-body} in the file and for {@code --set}, {@code REDRIVE_HTTP_MAX_BODY} in the
 * environment.
 *
 * <p>A list of values that may be empty is {@code Optional}, because the mapping takes an empty one
 * for a missing value.
 */
@ConfigMapping(prefix = Settings.PREFIX)
public interface Settings {

  /** Set before every key inside the program; nobody writes it in a file. */
  String PREFIX = "redrive";

  @Doc(
      "Name of the consumer group, of the transactional ids and of the changelog. All instances of"
          + " one Redrive share it; two Redrives on one cluster need two.")
  @WithDefault("redrive")
  String applicationId();

  @Doc(
      "Directory of the letter stores. Keep it over restarts: without it everything is restored"
          + " from Kafka.")
  @WithDefault("redrive-state")
  Path stateDir();

  @Doc(
      value =
          "Settings of the Kafka clients, passed through as they are (`kafka.bootstrap.servers` is"
              + " needed; TLS and SASL go here). In the environment `_` stands for a dot:"
              + " `REDRIVE_KAFKA_SECURITY_PROTOCOL`.",
      byDefault = "Kafka's")
  Map<String, String> kafka();

  @Doc(
      value =
          "Longest time between two transactions. Shorter shows failures sooner and costs the"
              + " broker more; commands do not wait for it.",
      min = "10ms",
      max = "3s")
  @WithDefault("200ms")
  Duration commitInterval();

  @Doc(
      value = "Stream threads of this instance.",
      min = "1",
      max = "64",
      byDefault = "processors, at most 4")
  int streamThreads();

  /** The topics that Redrive reads and writes. */
  TopicSettings topics();

  /** Reading of error topics. */
  ErrorSettings errors();

  /** Reading of the command topic. */
  SourceSettings commands();

  /** Reading of the outcome topic. */
  SourceSettings outcomes();

  /** Pipelines that are declared; others are discovered from their failures. */
  List<PipelineSettings> pipelines();

  /** What is hidden in letters of every pipeline. */
  MaskSettings masks();

  /** The schema registry. */
  RegistrySettings registry();

  /** How failures are put into groups. */
  GroupSettings groups();

  /** How records are sent back. */
  ReplaySettings replay();

  /** Replays of many letters. */
  RunSettings runs();

  /** Calls of failure callbacks. */
  CallbackSettings callbacks();

  /** What is kept of large records. */
  LimitSettings limits();

  /** The letter store. */
  StoreSettings store();

  /** The HTTP server. */
  HttpSettings http();

  /** The other instances. */
  PeerSettings peers();

  /** Who may do what over HTTP. */
  AuthSettings auth();

  /** Files that help with a failure. */
  DiagnosticsSettings diagnostics();
}
