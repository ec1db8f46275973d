// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.AnswerJson;
import dev.redrive.codec.Entry;
import dev.redrive.codec.EntryCodec;
import dev.redrive.command.Answer;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.dialect.DialectRules;
import dev.redrive.dialect.FailureLimits;
import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.CallbackReply;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Original;
import dev.redrive.store.LetterDatabases;
import dev.redrive.store.LetterPage;
import dev.redrive.store.LetterQuery;
import dev.redrive.store.LetterStores;
import dev.redrive.store.PageQuery;
import dev.redrive.store.StoreSettings;
import dev.redrive.topology.effects.EffectRunner;
import dev.redrive.topology.effects.Fetched;
import dev.redrive.topology.effects.FetchedOriginals;
import dev.redrive.topology.effects.Originals;
import dev.redrive.topology.topics.RetryTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The whole graph under {@code TopologyTestDriver}: topics, clock, store. After each thing that is
 * done to it, letters, indexes and counters are held against each other.
 */
final class TopologyFixture implements AutoCloseable {
  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  static final String ERRORS = "redrive-errors";
  static final String RETRY = "redrive-retry";

  final Map<String, RetryTarget> targets = new HashMap<>();
  final SendFailures sendFailures = new SendFailures();
  final LedgerFigures figures = new LedgerFigures();

  /** What lies on topics that nobody of the graph reads. */
  final Map<Coordinates, Fetched> originals = new HashMap<>();

  /** So many readings of an original find no broker. */
  int readingsToFail;

  /** What failure callbacks answer, by the id that they are called with. */
  BiFunction<String, Letter, CallbackReply> answers = (id, letter) -> CallbackReply.none("down");

  /** So many callbacks find no room. */
  int callsToRefuse;

  /** How far every consumer group is. */
  final Map<TopicPartition, Long> progress = new HashMap<>();

  final Landings landings = new Landings();

  /** Runs that were said to have ended or halted. */
  final List<String> standingRuns = new ArrayList<>();

  FetchedOriginals fetched = new FetchedOriginals(InstantSource.system());

  /** So many times a retry topic is not known yet. */
  int lookUpsToCome;

  private final LetterDatabases databases;
  private final TopologyTestDriver driver;
  private final Queue<Runnable> work = new ArrayDeque<>();
  private final List<String> groupEvents = new ArrayList<>();
  private Instant now;
  private UUID errorTopicId = new UUID(1, 1);

  TopologyFixture(Path directory) {
    this(directory, Map.of());
  }

  TopologyFixture(Path directory, Map<String, String> more) {
    this(directory, more, List.of());
  }

  /** Begins with these rows, as a task that takes over. */
  TopologyFixture(Path directory, Map<String, String> more, List<KeyValue<Bytes, byte[]>> rows) {
    this(directory, more, rows, START);
  }

  /** The same at another time than {@link #START}. */
  TopologyFixture(
      Path directory, Map<String, String> more, List<KeyValue<Bytes, byte[]>> rows, Instant start) {
    now = start;
    Map<String, String> keys = new HashMap<>(more);
    keys.putIfAbsent("topics.partitions", "1");
    keys.put("kafka.bootstrap.servers", "none:1");
    keys.put("state-dir", directory.toString());
    Settings settings = SettingsLoader.of(keys);
    PipelineRules pipelines = new PipelineRules(settings);
    databases =
        new LetterDatabases(
            StoreSettings.DEFAULTS,
            Clock.systemUTC(),
            DetailView.BLIND,
            pipelines.retentions().keySet());
    targets.put(
        RETRY, new RetryTarget.Writable(1, 1_048_588, -1, Long.MAX_VALUE, Long.MAX_VALUE, false));
    RedriveTopology topology =
        new RedriveTopology(
            TopicNames.of(settings),
            DialectRules.NONE.with(pipelines.grouping()),
            new FailureLimits(1_000_000),
            topic -> errorTopicId,
            LetterStores.builder(Nodes.LETTERS, databases, Map.of()),
            pipelines,
            DetailView.BLIND,
            this::target,
            sendFailures,
            EffectRunner.on(work::add, this::read, fetched, this::call),
            landings,
            group -> progress,
            figures,
            new OffsetResets(figures),
            () -> false,
            standingRuns::add);
    Properties properties = StreamsProperties.of(settings, 1_048_576);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    driver = new TopologyTestDriver(topology.get(), properties, start);
    rows.forEach(row -> store().put(row.key, row.value));
    advance(Duration.ofMillis(200));
  }

  /** Fails a record the way our own headers tell it. */
  LetterId fail(String pipeline, String record, String... moreHeaders) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("redrive-pipeline-id", pipeline);
    headers.put("redrive-record-id", record);
    headers.put("redrive-error-code", "source_timeout");
    headers.put("redrive-error-message", "took too long");
    for (int i = 0; i < moreHeaders.length; i += 2) {
      headers.put(moreHeaders[i], moreHeaders[i + 1]);
    }
    failRaw(utf8("key-" + record), utf8("{\"id\":\"" + record + "\"}"), headers(headers));
    return LetterId.of(pipeline, record);
  }

  /** Sends any record to the error topic. */
  void failRaw(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    pipe(ERRORS, key, value, headers);
  }

  /** From now on the error topic is another one of the same name. */
  void recreateErrorTopic() {
    errorTopicId = new UUID(2, errorTopicId.getLeastSignificantBits() + 1);
  }

  /** Sends a command and gives its answer. */
  Answer command(String json) {
    results();
    pipe("redrive-commands", null, utf8(json), new RecordHeaders());
    List<Answer> answers = results();
    assertThat(answers).as("answers to %s", json).hasSize(1);
    return answers.get(0);
  }

  Answer replay(LetterId id) {
    return command("{\"type\":\"replay\",\"letter_ids\":[\"" + id + "\"]}");
  }

  void outcome(String json) {
    pipe("redrive-outcomes", null, utf8(json), new RecordHeaders());
  }

  void advance(Duration by) {
    now = now.plus(by);
    driver.advanceWallClockTime(by);
    audit();
  }

  Instant now() {
    return now;
  }

  Optional<Letter> letter(LetterId id) {
    return query(new LetterQuery(id));
  }

  List<Letter> letters() {
    PageQuery all = PageQuery.newest(LetterFilter.ALL, 1_000);
    LetterPage page = query(all);
    return page.letters();
  }

  <R> R query(Query<R> query) {
    QueryResult<R> result = store().query(query, PositionBound.unbounded(), new QueryConfig(false));
    assertThat(result.isSuccess()).as(() -> result.getFailureMessage()).isTrue();
    return result.getResult();
  }

  /** All that is stored now. */
  List<KeyValue<Bytes, byte[]>> rows() {
    List<KeyValue<Bytes, byte[]>> all = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> rows = store().all()) {
      rows.forEachRemaining(all::add);
    }
    return all;
  }

  KeyValueStore<Bytes, byte[]> store() {
    return driver.getKeyValueStore(Nodes.LETTERS);
  }

  /** The records sent to a topic since it was last asked. */
  List<TestRecord<byte[], byte[]>> sent(String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  List<Answer> results() {
    List<Answer> answers = new ArrayList<>();
    // What a run has selected is no answer of its own.
    sent("redrive-results").forEach(r -> AnswerJson.read(r.value()).ifPresent(answers::add));
    return answers;
  }

  /** Types of the events about failure groups since they were last asked for. */
  List<String> groupEvents() {
    events();
    List<String> types = List.copyOf(groupEvents);
    groupEvents.clear();
    return types;
  }

  /** Types of the other events since they were last asked for, without prefix and version. */
  List<String> events() {
    List<String> types =
        sent("redrive-events").stream()
            .map(event -> header(event, "ce_type").replaceAll("^dev\\.redrive\\.|\\.v1$", ""))
            .toList();
    types.stream().filter(type -> type.startsWith("group.")).forEach(groupEvents::add);
    return types.stream().filter(type -> !type.startsWith("group.")).toList();
  }

  static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  static Headers headers(Map<String, String> headers) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach((name, value) -> all.add(name, utf8(value)));
    return all;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  void audit() {
    assertThat(databases.audit(Nodes.LETTERS, 0)).as("what disagrees in the store").isEmpty();
  }

  @Override
  public void close() {
    driver.close();
    databases.close();
  }

  /** An entry of the ledger topic comes once more. */
  void deliverAgain(TestRecord<byte[], byte[]> entry) {
    pipe("redrive-ledger", entry.key(), entry.value(), entry.headers());
  }

  /** An entry comes over the control topic. */
  void control(LetterId id, Entry entry) {
    pipe(
        "redrive-control",
        LedgerPartitioner.key(id),
        EntryCodec.encode(entry),
        new RecordHeaders());
  }

  /** Does what was begun outside the stream threads. */
  void work() {
    for (Runnable task = work.poll(); task != null; task = work.poll()) {
      task.run();
    }
  }

  /** Nothing that was read is there any more: another instance has taken over. */
  void forgetWork() {
    work.clear();
  }

  private boolean call(String id, Supplier<Letter> letter, Consumer<CallbackReply> done) {
    if (callsToRefuse > 0) {
      callsToRefuse--;
      return false;
    }
    work.add(() -> done.accept(answers.apply(id, letter.get())));
    return true;
  }

  private Fetched read(Original original) throws Originals.NotReadException {
    if (readingsToFail > 0) {
      readingsToFail--;
      throw new Originals.NotReadException("no broker answered");
    }
    return originals.getOrDefault(original.place(), new Fetched.NoSuchPlace());
  }

  private RetryTarget target(String topic, long since) {
    if (lookUpsToCome > 0) {
      lookUpsToCome--;
      return new RetryTarget.NotYetKnown();
    }
    return targets.getOrDefault(topic, new RetryTarget.Missing());
  }

  private void pipe(String topic, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
    driver
        .createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
        .pipeInput(new TestRecord<>(key, value, headers, START.toEpochMilli()));
    audit();
  }
}
