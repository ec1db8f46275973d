// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.config.RetryTopic;
import dev.redrive.config.Settings;
import dev.redrive.http.Families;
import dev.redrive.http.HttpServer;
import dev.redrive.http.Probes;
import dev.redrive.http.Route;
import dev.redrive.http.desk.BulkPolicy;
import dev.redrive.http.desk.Desk;
import dev.redrive.metrics.TimedCommands;
import dev.redrive.preview.Masks;
import dev.redrive.preview.Previews;
import dev.redrive.preview.SchemaRegistry;
import dev.redrive.query.AuditTrail;
import dev.redrive.query.CommandClient;
import dev.redrive.query.EventReader;
import dev.redrive.query.GroupReader;
import dev.redrive.query.LetterExports;
import dev.redrive.query.LetterReader;
import dev.redrive.query.Partitions;
import dev.redrive.query.RunReader;
import dev.redrive.query.StatisticsReader;
import dev.redrive.topology.topics.AdminAccess;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.function.UnaryOperator;

/** Puts together what answers over HTTP. */
final class HttpStarter {
  private static final Duration READ_WAIT = Duration.ofSeconds(3);
  private static final Duration READ_EVENTS = Duration.ofSeconds(5);

  private HttpStarter() {}

  /**
   * Starts to listen.
   *
   * @param opened takes what is to be closed with the instance; the server itself is the caller's
   * @throws IOException where the port is taken
   */
  static HttpServer start(
      Settings settings,
      Clock clock,
      Masks masks,
      Opened opened,
      Cluster cluster,
      Health health,
      PrometheusMeterRegistry metrics,
      BlockingQueue<String> standingRuns)
      throws IOException {
    Partitions partitions = cluster.partitions();
    CommandClient commands =
        opened.add(
            CommandClient.start(
                AdminAccess.clientSettings(settings),
                new CommandClient.Topics(settings.topics().commands(), settings.topics().results()),
                partitions,
                settings.http().effectWait()));
    Desk desk =
        new Desk(
            new LetterReader(partitions, READ_WAIT),
            new StatisticsReader(partitions, READ_WAIT),
            new LetterExports(partitions, READ_WAIT, settings.http().exportTime(), clock),
            new RunReader(partitions, READ_WAIT),
            new GroupReader(partitions, READ_WAIT),
            opened.add(
                new EventReader(
                    AdminAccess.clientSettings(settings), settings.topics().events(), READ_EVENTS)),
            settings.groups().newFor(),
            new TimedCommands(commands, metrics),
            new Previews(masks, new SchemaRegistry(settings.registry(), clock)),
            pipelineNames(settings),
            ReadingRules.of(settings),
            BulkPolicy.of(
                settings.runs().bulkActions(),
                settings.applicationId(),
                HttpAccess.shared(settings)),
            clock);
    AuditTrail audit =
        opened.add(
            AuditTrail.start(
                AdminAccess.clientSettings(settings),
                settings.topics().events(),
                settings.applicationId(),
                clock));
    FunctionCounter.builder("redrive.audit.lost", audit, AuditTrail::lost)
        .description("Events of who was shown payloads that did not reach the events topic")
        .register(metrics);
    Map<String, String> targets = retryTopics(settings);
    Families families =
        new Families(
            desk, targets.keySet(), id -> targets.getOrDefault(id, settings.topics().retry()));
    List<Route> routes = new ArrayList<>(families.routes());
    routes.addAll(cluster.door());
    routes.addAll(
        DiagnosticsStarter.start(
            settings, clock, opened, desk, cluster.files(), standingRuns, metrics));
    return HttpServer.start(
        HttpAccess.of(settings, audit),
        routes,
        new Probes(health::alive, health::readiness, metrics));
  }

  /** The retry topics of the pipelines that the settings name, by their ids. */
  private static Map<String, String> retryTopics(Settings settings) {
    Map<String, String> targets = new HashMap<>();
    settings
        .pipelines()
        .forEach(
            pipeline ->
                targets.put(
                    pipeline.id(),
                    pipeline
                        .retryTopic()
                        .map(RetryTopic::toString)
                        .orElse(settings.topics().retry())));
    return targets;
  }

  private static UnaryOperator<String> pipelineNames(Settings settings) {
    Map<String, String> names = new HashMap<>();
    settings
        .pipelines()
        .forEach(pipeline -> names.put(pipeline.id(), pipeline.name().orElse(pipeline.id())));
    return id -> names.getOrDefault(id, id);
  }
}
