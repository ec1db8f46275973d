// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.callback.CallbackClient;
import dev.redrive.callback.HttpCallbackClient;
import dev.redrive.config.ErrorTopics;
import dev.redrive.config.Settings;
import dev.redrive.diagnostics.RunBundles;
import dev.redrive.dialect.FailureLimits;
import dev.redrive.http.HttpServer;
import dev.redrive.metrics.Metrics;
import dev.redrive.preview.Masks;
import dev.redrive.query.CensusReader;
import dev.redrive.query.LocalPartitions;
import dev.redrive.store.CommittingClientSupplier;
import dev.redrive.store.LetterDatabases;
import dev.redrive.store.LetterStores;
import dev.redrive.store.StoreFigures;
import dev.redrive.topology.BrokerTopicIds;
import dev.redrive.topology.Clients;
import dev.redrive.topology.CountedOriginals;
import dev.redrive.topology.Landings;
import dev.redrive.topology.LedgerFigures;
import dev.redrive.topology.Nodes;
import dev.redrive.topology.OffsetResets;
import dev.redrive.topology.PipelineRules;
import dev.redrive.topology.RedriveTopology;
import dev.redrive.topology.SendFailures;
import dev.redrive.topology.StreamsProperties;
import dev.redrive.topology.TopicNames;
import dev.redrive.topology.effects.EffectRunner;
import dev.redrive.topology.effects.FetchedOriginals;
import dev.redrive.topology.effects.KafkaOriginals;
import dev.redrive.topology.topics.AdminAccess;
import dev.redrive.topology.topics.CommittedEntries;
import dev.redrive.topology.topics.ObservedGroupProgress;
import dev.redrive.topology.topics.ObservedRetryTargets;
import dev.redrive.topology.topics.StartOffsets;
import dev.redrive.topology.topics.Topics;
import dev.redrive.topology.topics.WrongTopicsException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/**
 * One running instance: connected, consuming and serving from the moment {@link #start} returns
 * until it is closed. What was started last is closed first.
 */
public final class Redrive implements AutoCloseable {
  private static final Duration LOOK_AT_RETRY_TOPICS = Duration.ofSeconds(5);
  private static final Duration LOOK_AT_GROUPS = Duration.ofSeconds(2);
  private static final Duration DELETE_ENTRIES = Duration.ofSeconds(30);
  private static final Duration STOP = Duration.ofSeconds(6);

  /** Runs that end faster than their bundles are made: names of 50 characters or so. */
  private static final int STANDING_RUNS = 100_000;

  private final Opened opened;
  private final LetterDatabases databases;
  private final Health health;
  private final HttpServer http;
  private final LedgerFigures figures;
  private final Duration drain;

  private Redrive(
      Opened opened,
      LetterDatabases databases,
      Health health,
      HttpServer http,
      LedgerFigures figures,
      Duration drain) {
    this.opened = opened;
    this.databases = databases;
    this.health = health;
    this.http = http;
    this.figures = figures;
    this.drain = drain;
  }

  /**
   * Starts an instance.
   *
   * @throws WrongTopicsException naming all that is wrong with the topics
   * @throws IOException where the HTTP port is taken
   * @throws org.apache.kafka.common.KafkaException where the cluster does not answer
   */
  public static Redrive start(Settings settings, Clock clock)
      throws WrongTopicsException, IOException {
    return start(settings, clock, UnaryOperator.identity(), RedriveTopology::get);
  }

  /**
   * Starts an instance whose stream talks to Kafka through clients that the caller has a hand in.
   *
   * @param clients wraps what makes the stream's clients; the letter stores are told of a commit
   *     after what it returns has done it
   * @param graph gives the topology itself
   * @throws WrongTopicsException naming all that is wrong with the topics
   * @throws IOException where the HTTP port is taken
   * @throws org.apache.kafka.common.KafkaException where the cluster does not answer
   */
  public static Redrive start(
      Settings settings,
      Clock clock,
      UnaryOperator<KafkaClientSupplier> clients,
      Function<RedriveTopology, Topology> graph)
      throws WrongTopicsException, IOException {
    Opened opened = new Opened();
    try {
      return start(settings, clock, clients, graph, opened);
    } catch (WrongTopicsException | IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static Redrive start(
      Settings settings,
      Clock clock,
      UnaryOperator<KafkaClientSupplier> clients,
      Function<RedriveTopology, Topology> graph,
      Opened opened)
      throws WrongTopicsException, IOException {
    Admin admin = opened.add(AdminAccess.open(settings));
    int maxEntry = Topics.prepare(admin, settings);
    StartOffsets.set(admin, settings);
    ObservedRetryTargets targets =
        opened.add(ObservedRetryTargets.start(admin, LOOK_AT_RETRY_TOPICS));
    Masks masks = Masks.of(settings);
    LetterDatabases databases = opened.add(StoreStarter.open(settings, clock, masks));
    LedgerFigures figures = new LedgerFigures();
    KafkaOriginals originals =
        opened.add(new KafkaOriginals(admin, AdminAccess.clientSettings(settings)));
    CallbackClient callbacks = opened.add(HttpCallbackClient.start(settings.callbacks()));
    EffectRunner effects =
        opened.add(
            EffectRunner.start(
                new CountedOriginals(originals, figures), new FetchedOriginals(clock), callbacks));
    SendFailures sendFailures = new SendFailures(targets::doubt);
    Landings landings = new Landings();
    PipelineRules pipelines = new PipelineRules(settings);
    ObservedGroupProgress progress =
        opened.add(
            ObservedGroupProgress.start(
                admin,
                settings.applicationId(),
                pipelines.outcomeGroups(),
                ErrorTopics.of(settings)::contains,
                LOOK_AT_GROUPS,
                settings.replay().inferenceGrace()));
    OffsetResets resets = new OffsetResets(figures);
    BlockingQueue<String> standingRuns = new ArrayBlockingQueue<>(STANDING_RUNS);
    RedriveTopology topology =
        new RedriveTopology(
            TopicNames.of(settings),
            ReadingRules.of(settings),
            new FailureLimits(maxEntry),
            new BrokerTopicIds(admin),
            LetterStores.builder(Nodes.LETTERS, databases, Map.of()),
            pipelines,
            masks,
            targets,
            sendFailures,
            effects,
            landings,
            progress,
            figures,
            resets,
            databases::wantsCommit,
            runId -> RunBundles.tell(standingRuns, runId));
    Properties properties = StreamsProperties.of(settings, maxEntry);
    KafkaStreams streams =
        new KafkaStreams(
            graph.apply(topology),
            properties,
            new CommittingClientSupplier(
                databases, clients.apply(new Clients(sendFailures, resets, landings))));
    Health health = Health.of(streams, clock);
    Cluster cluster =
        Cluster.of(settings, streams, StreamsProperties.session(properties), clock, opened);
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Metrics.Sources measured =
        new Metrics.Sources(
            figures,
            databases,
            new CensusReader(
                LocalPartitions.actives(streams, Nodes.LETTERS, settings.topics().partitions())),
            () -> health.readiness().ready(),
            health::rebalancing,
            health::toRestore,
            cluster.standbyLag(),
            streams::metrics);
    HttpServer http =
        HttpStarter.start(settings, clock, masks, opened, cluster, health, metrics, standingRuns);
    opened.add(() -> stop(streams));
    streams.start();
    opened.add(CommittedEntries.start(admin, settings, DELETE_ENTRIES));
    opened.add(StoreStarter.sweeping(databases));
    opened.add(Metrics.start(metrics, settings, measured, clock));
    // Last in, so first out: requests end before what answers them does.
    opened.add(http);
    return new Redrive(opened, databases, health, http, figures, settings.http().drain());
  }

  /** The port that HTTP listens on. */
  public int httpPort() {
    return http.port();
  }

  /** Whether it is to be asked: it has run, and neither stops nor has failed. */
  public boolean ready() {
    return health.readiness().ready();
  }

  /** False where only a restart helps. */
  public boolean alive() {
    return health.alive();
  }

  /** What it did since it was started. */
  public LedgerFigures figures() {
    return figures;
  }

  /** What its stores hold, and what their start cost. */
  public List<StoreFigures> stores() {
    return databases.figures();
  }

  /** Says that it is not ready, goes on to answer for a while, and then ends what it has begun. */
  @Override
  public void close() {
    health.stopping();
    try {
      Thread.sleep(drain.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    opened.close();
  }

  private static void stop(KafkaStreams streams) {
    // Leaving the group tells the others at once; else they wait for the session time-out.
    streams.close(
        CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
            .withTimeout(STOP));
  }
}
