// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics;

import dev.redrive.diagnostics.artifact.Artifact;
import dev.redrive.diagnostics.artifact.ArtifactId;
import dev.redrive.diagnostics.artifact.ArtifactRefusedException;
import dev.redrive.diagnostics.artifact.ArtifactType;
import dev.redrive.diagnostics.artifact.Artifacts;
import dev.redrive.diagnostics.artifact.Audience;
import dev.redrive.diagnostics.artifact.Label;
import dev.redrive.diagnostics.artifact.Task;
import dev.redrive.diagnostics.bundle.RunBundle;
import dev.redrive.diagnostics.bundle.RunLog;
import dev.redrive.diagnostics.bundle.RunSources;
import dev.redrive.diagnostics.capture.HeapDump;
import dev.redrive.diagnostics.capture.Profile;
import dev.redrive.diagnostics.capture.ThreadDump;
import dev.redrive.diagnostics.capture.Upload;
import dev.redrive.filter.Attribute;
import dev.redrive.query.peer.PeerFiles;
import dev.redrive.run.Run;
import dev.redrive.thread.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Artifacts of this instance and of the others: found, read, made. */
public final class Diagnostics implements AutoCloseable {
  private static final Duration SWEEP = Duration.ofMinutes(1);

  private final Artifacts artifacts;
  private final Making making;
  private final RunLog log;
  private final RunSources sources;
  private final Elsewhere elsewhere;
  private final String instance;
  private final InstantSource clock;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ScheduledExecutorService sweeper;

  private Diagnostics(
      Artifacts artifacts,
      RunLog log,
      RunSources sources,
      @Nullable PeerFiles peers,
      String instance,
      InstantSource clock) {
    this.artifacts = artifacts;
    this.making = new Making(artifacts);
    this.log = log;
    this.sources = sources;
    this.elsewhere = new Elsewhere(peers);
    this.instance = instance;
    this.clock = clock;
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("redrive-artifacts"));
  }

  /**
   * Begins to sweep.
   *
   * @param log stays the caller's
   * @param peers null: this instance is alone; stays the caller's
   * @param instance what to call this one
   */
  public static Diagnostics start(
      Artifacts artifacts,
      RunLog log,
      RunSources sources,
      @Nullable PeerFiles peers,
      String instance,
      InstantSource clock) {
    Diagnostics diagnostics = new Diagnostics(artifacts, log, sources, peers, instance, clock);
    var unused =
        diagnostics.sweeper.scheduleWithFixedDelay(
            artifacts::sweep, 0, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
    return diagnostics;
  }

  /** What somebody asks for beside the type. */
  public record Request(String type, @Nullable String pipelineId, @Nullable String requestedBy) {}

  /** Bytes that one artifact may have. */
  public long maxSize() {
    return artifacts.limits().maxSize();
  }

  /** All artifacts of all instances. */
  public Found all() {
    return merged(elsewhere.find(null), null);
  }

  /** One artifact, wherever it is; the others are asked only where it is not here. */
  public Found find(String id) {
    boolean here =
        artifacts.find(id).isPresent()
            || making.tasks().stream().anyMatch(task -> task.label().id().equals(id));
    return merged(
        here ? new Found(List.of(), Map.of(), List.of(), new TreeMap<>()) : elsewhere.find(id), id);
  }

  /**
   * Bytes of an artifact, from here or through here; the caller closes the stream, which may end
   * early only with an {@link IOException}.
   */
  public InputStream open(Found found, Artifact artifact, long from, long length)
      throws IOException {
    URI at = found.at().get(artifact.id());
    return at == null ? open(artifact, from) : elsewhere.open(at, artifact, from, length);
  }

  /** Bytes of an artifact that lies here. */
  public InputStream open(Artifact artifact, long from) throws IOException {
    FileChannel channel = artifacts.read(artifact);
    return Channels.newInputStream(channel.position(from));
  }

  /** Deletes an artifact; who did not answer is named. */
  public SortedMap<String, String> delete(Found found, Artifact artifact) {
    if (found.at().containsKey(artifact.id())) {
      return elsewhere.delete(artifact.id());
    }
    artifacts.delete(artifact);
    return new TreeMap<>();
  }

  /** Takes what a pipeline sends. */
  public Artifact upload(
      Request request, @Nullable String runId, @Nullable String fileName, InputStream body)
      throws IOException, ArtifactRefusedException, InterruptedException {
    String id = ArtifactId.fresh();
    String pipeline = request.pipelineId();
    Label label =
        new Label(
            id,
            request.type(),
            pipeline,
            runId,
            clock.millis(),
            fileName == null ? request.type() + "-" + id + ".bin" : fileName,
            instance,
            pipeline == null ? Set.of() : Set.of(pipeline),
            ArtifactType.of(request.type()) == ArtifactType.HEAP_DUMP
                ? Audience.REVEALING
                : Audience.VIEWERS,
            request.requestedBy());
    return artifacts.put(label, new Upload(body));
  }

  /** Begins to make a bundle of a run; empty where too much is under way. */
  public Optional<Task> bundle(Run run, @Nullable String requestedBy) {
    Label label = label(run, ArtifactId.fresh(), requestedBy);
    return making.begin(label, (file, most) -> bundle(run, label).writeTo(file, most), false);
  }

  /** Begins to write down what every thread does; empty where too much is under way. */
  public Optional<Task> threadDump(@Nullable String requestedBy) {
    return making.begin(
        label(ArtifactType.THREAD_DUMP, "txt", requestedBy), new ThreadDump(clock.millis()), false);
  }

  /** Begins a recording; empty where one is under way, or too much else. */
  public Optional<Task> profile(Duration length, @Nullable String requestedBy) {
    return making.begin(
        label(ArtifactType.PROFILE, "jfr", requestedBy), new Profile(length, stopping), true);
  }

  /** Begins a heap dump; empty where one is under way, or too much else. */
  public Optional<Task> heapDump(@Nullable String requestedBy) {
    return making.begin(label(ArtifactType.HEAP_DUMP, "hprof", requestedBy), new HeapDump(), true);
  }

  /** What other instances ask. */
  public PeerAnswers answers() {
    return new PeerAnswers(artifacts, making, log);
  }

  @Override
  public void close() {
    stopping.countDown();
    making.close();
    sweeper.shutdownNow();
  }

  /** Makes a bundle under an id that says what it is of, unless some instance has it. */
  void bundleOnce(Run run, String id)
      throws IOException, ArtifactRefusedException, InterruptedException {
    if (find(id).artifact(id).isEmpty()) {
      Label label = label(run, id, null);
      artifacts.put(label, bundle(run, label));
    }
  }

  private RunBundle bundle(Run run, Label label) {
    Elsewhere.Logs others = elsewhere.logs(run.id());
    Map<String, RunLog.Lines> logs = new TreeMap<>(others.lines());
    logs.put(instance, log.of(run.id()));
    return new RunBundle(run, sources, logs, others.missing(), label, clock.millis());
  }

  private Found merged(Found others, @Nullable String id) {
    List<Artifact> all = new ArrayList<>(artifacts.all());
    all.removeIf(artifact -> id != null && !artifact.id().equals(id));
    Set<String> here = new HashSet<>();
    all.forEach(artifact -> here.add(artifact.id()));
    Map<String, URI> at = new TreeMap<>(others.at());
    at.keySet().removeAll(here);
    others.artifacts().stream().filter(one -> at.containsKey(one.id())).forEach(all::add);
    all.sort(Artifact.NEWEST_FIRST);
    List<Task> tasks = new ArrayList<>(making.tasks());
    tasks.removeIf(task -> id != null && !task.label().id().equals(id));
    tasks.addAll(others.tasks());
    return new Found(all, at, tasks, others.missing());
  }

  private Label label(Run run, String id, @Nullable String requestedBy) {
    return new Label(
        id,
        ArtifactType.LOG_BUNDLE.word(),
        run.spec().command().target().onlyPipeline().orElse(null),
        run.id(),
        clock.millis(),
        run.id() + ".zip",
        instance,
        run.spec().command().target().filter().values(Attribute.PIPELINE),
        Audience.VIEWERS,
        requestedBy);
  }

  private Label label(ArtifactType type, String ending, @Nullable String requestedBy) {
    String id = ArtifactId.fresh();
    return new Label(
        id,
        type.word(),
        null,
        null,
        clock.millis(),
        type.word() + "-" + id + "." + ending,
        instance,
        Set.of(),
        Audience.ADMINS,
        requestedBy);
  }
}
