// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.FailureLimits;
import dev.redrive.filter.DetailView;
import dev.redrive.topology.effects.EffectRunner;
import dev.redrive.topology.topics.GroupProgress;
import dev.redrive.topology.topics.RetryTargets;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The graph as design §2 draws it: two intakes that type and address what comes in, and the ledger,
 * which owns the letters. The three share no source, so they are three sub-topologies.
 *
 * @param pipelinesOf which pipeline the settings name for an error topic
 * @param limits what an entry of the ledger may take
 * @param topicIds asks the broker for a topic's id
 * @param letters builds the store of each ledger task
 * @param effects does what must not be done on stream threads
 * @param landings hears from the producers where replays landed
 * @param masked what of a letter a command may look at whose sender may not see through masks
 * @param progress of the consumer groups that tell outcomes
 * @param wantsCommit whether what this thread has not committed yet takes too much memory
 * @param standingRuns hears of runs that may have ended or halted, before that is committed
 */
public record RedriveTopology(
    TopicNames topics,
    DialectRules pipelinesOf,
    FailureLimits limits,
    Function<String, UUID> topicIds,
    StoreBuilder<?> letters,
    PipelineRules pipelines,
    DetailView masked,
    RetryTargets targets,
    SendFailures sendFailures,
    EffectRunner effects,
    Landings landings,
    GroupProgress progress,
    LedgerFigures figures,
    OffsetResets resets,
    BooleanSupplier wantsCommit,
    Consumer<String> standingRuns)
    implements Supplier<Topology> {
  private static final ByteArrayDeserializer BYTES = new ByteArrayDeserializer();
  private static final ByteArraySerializer KEY = new ByteArraySerializer();
  private static final Serializer<Outbound> VALUE = Outbound::serialize;

  @Override
  public Topology get() {
    return get(Hello::new);
  }

  /** The same with tasks that say another hello, or none: for who shows what it is good for. */
  Topology get(Supplier<Hello> hello) {
    Topology graph = new Topology();
    JustCancelled cancelled = new JustCancelled();
    failureIntake(graph);
    controlIntake(graph, cancelled);
    ledger(graph, hello, cancelled);
    return graph;
  }

  private void failureIntake(Topology graph) {
    // By pattern even for one name: a named source topic that vanishes stops Streams.
    graph.addSource(
        AutoOffsetReset.earliest(),
        Nodes.ERRORS,
        Timestamps.AS_WRITTEN,
        BYTES,
        BYTES,
        topics.errors());
    graph.addProcessor(
        Nodes.FAILURE_INTAKE,
        () -> new FailureIntake(pipelinesOf, limits, new TopicIds(topicIds), resets, pipelines),
        Nodes.ERRORS);
    addressed(graph, Nodes.TO_LEDGER, topics.ledger(), Nodes.FAILURE_INTAKE);
    graph.addSink(Nodes.FAILURE_EVENTS, topics.events(), KEY, VALUE, Nodes.FAILURE_INTAKE);
  }

  private void controlIntake(Topology graph, JustCancelled cancelled) {
    source(graph, Nodes.COMMANDS, Timestamps.AS_WRITTEN, topics.commands());
    source(graph, Nodes.OUTCOMES, Timestamps.AS_WRITTEN, topics.outcomes());
    graph.addProcessor(
        Nodes.CONTROL_INTAKE,
        () -> new ControlIntake(topics.outcomes(), figures, resets, cancelled),
        Nodes.COMMANDS,
        Nodes.OUTCOMES);
    addressed(graph, Nodes.TO_CONTROL, topics.control(), Nodes.CONTROL_INTAKE);
    graph.addSink(Nodes.INTAKE_RESULTS, topics.results(), KEY, VALUE, Nodes.CONTROL_INTAKE);
    graph.addSink(Nodes.INTAKE_EVENTS, topics.events(), KEY, VALUE, Nodes.CONTROL_INTAKE);
  }

  private void ledger(Topology graph, Supplier<Hello> hello, JustCancelled cancelled) {
    source(graph, Nodes.FAILURES, Timestamps.AS_WRITTEN, topics.ledger());
    source(graph, Nodes.CONTROL, Timestamps.CONTROL, topics.control());
    LedgerParts parts =
        new LedgerParts(
            pipelines,
            masked,
            new ReplayPlanner(pipelines, topics, targets, sendFailures, effects.fetched()),
            effects,
            landings,
            progress,
            figures,
            wantsCommit,
            cancelled,
            standingRuns);
    graph.addProcessor(
        Nodes.LEDGER, () -> new LedgerProcessor(parts, hello), Nodes.FAILURES, Nodes.CONTROL);
    graph.addStateStore(letters, Nodes.LEDGER);
    graph.addSink(Nodes.EVENTS, topics.events(), KEY, VALUE, Nodes.LEDGER);
    graph.addSink(Nodes.RESULTS, topics.results(), KEY, VALUE, Nodes.LEDGER);
    graph.addSink(Nodes.RETRY, (key, value, context) -> value.topic(), KEY, VALUE, Nodes.LEDGER);
    addressed(graph, Nodes.BACK_TO_CONTROL, topics.control(), Nodes.LEDGER);
    addressed(graph, Nodes.BACK_TO_LEDGER, topics.ledger(), Nodes.LEDGER);
  }

  private static void source(
      Topology graph, String node, TimestampExtractor timestamps, String topic) {
    graph.addSource(AutoOffsetReset.earliest(), node, timestamps, BYTES, BYTES, topic);
  }

  /** A sink that sends each entry to the partition of its letter, or to the one it names. */
  private static void addressed(Topology graph, String node, String topic, String parent) {
    graph.addSink(node, topic, KEY, VALUE, new LedgerPartitioner(), parent);
  }
}
