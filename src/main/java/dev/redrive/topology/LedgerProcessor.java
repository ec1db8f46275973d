// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Effect;
import dev.redrive.codec.Entry;
import dev.redrive.codec.Entry.CommandEntry;
import dev.redrive.codec.Entry.EffectEntry;
import dev.redrive.codec.Entry.FailureEntry;
import dev.redrive.codec.Entry.GroupEntry;
import dev.redrive.codec.Entry.HelloEntry;
import dev.redrive.codec.Entry.InferredEntry;
import dev.redrive.codec.Entry.LandingEntry;
import dev.redrive.codec.Entry.OfRun;
import dev.redrive.codec.Entry.OutcomeEntry;
import dev.redrive.codec.Entry.RoutedFailure;
import dev.redrive.codec.EntryCodec;
import dev.redrive.codec.Landing;
import dev.redrive.codec.RowKey;
import dev.redrive.codec.RunEntry;
import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.command.OutcomeNews;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.store.Due;
import dev.redrive.store.DueQuery;
import dev.redrive.topology.LedgerRows.Stored;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger: one deterministic state machine for each partition, which owns that partition's
 * letters. It moves data; {@link Transitions} decides.
 *
 * <p>Past 300 lines because everything that a partition hears or that falls due comes in here, and
 * is handed to the desk that decides it.
 */
final class LedgerProcessor implements Processor<byte[], byte[], byte[], Outbound> {
  private static final Logger LOGGER = LoggerFactory.getLogger(LedgerProcessor.class);
  private static final Duration STEP = Duration.ofMillis(100);
  private static final int DUE_PER_STEP = 500;
  private static final int LANDINGS_PER_STEP = 1_000;

  private final LedgerParts parts;
  private final Supplier<Hello> hello;
  private @Nullable Task task;

  /**
   * One for all tasks that a thread makes of it, one after the other.
   *
   * @param hello a new one for each init
   */
  LedgerProcessor(LedgerParts parts, Supplier<Hello> hello) {
    this.parts = parts;
    this.hello = hello;
  }

  /** What belongs to one init; a revived task is initialised again on the same processor. */
  private record Task(
      ProcessorContext<byte[], Outbound> context,
      KeyValueStore<Bytes, byte[]> store,
      LedgerRows rows,
      LedgerOutput output,
      LetterChanges changes,
      CommandDesk commands,
      CallbackDesk callbacks,
      Effects effects,
      LandingDesk landings,
      RunDesk runs,
      Coordinator coordinator,
      ShareDesk shares,
      AutomaticRetry retry,
      ReplayLimits limits,
      Inference inference,
      Retention retention,
      GroupDesk groups,
      RunSteps steps,
      PromptCommits commits,
      Hello hello) {}

  @Override
  public void init(ProcessorContext<byte[], Outbound> context) {
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(Nodes.LETTERS);
    LedgerRows rows = new LedgerRows(store);
    LedgerOutput output = LedgerOutput.ofLedger(context, parts.landings());
    int partition = context.taskId().partition();
    GroupDesk groups = new GroupDesk(rows, output, parts, partition);
    RunRows runRows = new RunRows(store);
    ShareBook book = new ShareBook(runRows);
    ReplayLimits limits = new ReplayLimits(parts.pipelines(), store);
    Effects effects = new Effects(store, rows, parts.effects(), output, partition);
    LetterChanges changes = new LetterChanges(parts, rows, output, book, groups, limits, effects);
    Coordinator coordinator = new Coordinator(parts, runRows, rows, output);
    coordinator.sayStanding(context.currentSystemTimeMs());
    ShareWork work =
        new ShareWork(parts, rows, changes, output, book, new LetterWalk(store), limits);
    CallbackDesk callbacks = new CallbackDesk(parts, rows, changes, effects);
    long began = context.currentSystemTimeMs();
    CommandDesk commands =
        new CommandDesk(parts, rows, changes, output, effects, callbacks, limits, partition, began);
    task =
        new Task(
            context,
            store,
            rows,
            output,
            changes,
            commands,
            callbacks,
            effects,
            new LandingDesk(store, rows, changes, output, parts.pipelines().landingWait()),
            new RunDesk(parts, rows, runRows, coordinator, output, partition),
            coordinator,
            new ShareDesk(book, runRows, rows, output, work, parts.masked(), partition),
            new AutomaticRetry(parts, store, rows, changes, output, effects, limits, began),
            limits,
            new Inference(store, rows, changes, output, parts, partition),
            new Retention(parts.pipelines().retentions(), store, rows, changes),
            groups,
            new RunSteps(context, this::runStep),
            new PromptCommits(context),
            hello.get());
    context.schedule(STEP, PunctuationType.WALL_CLOCK_TIME, this::step);
  }

  @Override
  public void close() {
    Task closing = task;
    if (closing != null) {
      closing.shares.close();
      closing.retry.close();
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Task now = current();
    Entry entry = entry(now, record.value());
    if (entry != null) {
      long at = now.context.currentSystemTimeMs();
      if (!(entry instanceof OfRun)) {
        StepTime.ofThread().taken(at);
      }
      take(now, entry, at);
    }
  }

  /** Only Redrive writes here; somebody else's record must not stop the letters. */
  private static @Nullable Entry entry(Task task, byte @Nullable [] value) {
    try {
      if (value != null) {
        return EntryCodec.decode(value);
      }
    } catch (UnreadableBytesException e) {
      LOGGER.atDebug().setCause(e).log("an unreadable entry");
    }
    LOGGER
        .atError()
        .addKeyValue("partition", task.context.taskId().partition())
        .log("skipped a record of an internal topic that Redrive did not write");
    return null;
  }

  private void take(Task task, Entry entry, long now) {
    if (entry instanceof FailureEntry failure) {
      if (!task.changes.redelivered(failure.facts().position())) {
        failed(task, failure, now);
      }
      return;
    }
    if (entry instanceof RoutedFailure routed) {
      if (routed.found()) {
        failed(task, routed.failure(), now);
      } else {
        task.landings.seeking(routed.failure(), now);
      }
      return;
    }
    if (entry instanceof InferredEntry inferred) {
      if (inferred.atLetter()) {
        task.inference.worked(inferred.landing(), now);
      } else {
        task.inference.passed(inferred.landing(), now);
      }
      return;
    }
    if (entry instanceof LandingEntry landing) {
      task.landings.landed(landing.landing(), now);
      return;
    }
    if (entry instanceof GroupEntry group) {
      task.groups.told(group, now);
      return;
    }
    if (entry instanceof HelloEntry hello) {
      task.hello.read(hello.nonce());
      return;
    }
    if (entry instanceof OfRun run) {
      if (ofRun(task, run.entry(), now)) {
        task.commits.ask();
      }
      return;
    }
    if (entry instanceof CommandEntry command) {
      task.commands.take(command, now);
    } else if (entry instanceof OutcomeEntry outcome) {
      told(task, outcome.news(), now);
    } else if (entry instanceof EffectEntry effect && effect.reply() != null) {
      task.callbacks.ended(effect, now);
    } else if (entry instanceof EffectEntry effect) {
      task.commands.ended(effect, now);
    }
    task.commits.ask();
  }

  /** True where somebody waits for what was done. */
  private static boolean ofRun(Task task, RunEntry entry, long now) {
    if (entry instanceof RunEntry.Start start) {
      task.runs.start(start.command(), now);
    } else if (entry instanceof RunEntry.Control control) {
      task.runs.control(control.command(), now);
    } else if (entry instanceof RunEntry.Select select) {
      task.shares.select(select.spec(), now);
    } else if (entry instanceof RunEntry.Reported reported) {
      task.coordinator.reported(reported, now);
    } else {
      task.shares.allowed((RunEntry.Allowed) entry, now);
    }
    return entry instanceof RunEntry.Start || entry instanceof RunEntry.Control;
  }

  private void failed(Task task, FailureEntry failure, long now) {
    Stored stored = task.rows.letter(failure.id());
    Step step = Transitions.failed(stored == null ? null : stored.head(), failure.facts(), now);
    task.changes.apply(failure.id(), stored, step, News.of(failure.detail()), now);
    if (parts.wantsCommit().getAsBoolean()) {
      task.context.commit();
    }
  }

  private static void told(Task task, OutcomeNews news, long now) {
    Stored stored = task.rows.letter(news.letter());
    Step step = Transitions.outcome(stored == null ? null : stored.head(), news.outcome(), now);
    task.changes.apply(news.letter(), stored, step, News.of(news.outcome()), now);
  }

  /** One punctuation: says hello first, and does nothing else until that was read back. */
  private void step(long now) {
    Task task = current();
    if (task.hello.send()) {
      task.output.hello(task.hello.nonce(), task.context.taskId().partition(), now);
      task.context.commit();
    }
    if (task.hello.heard()) {
      doDue(task, now);
      task.retention.step(now);
      task.retry.step(now);
      if (task.effects.step(now)) {
        task.commits.ask();
      }
      sendLandings(task, now);
      task.inference.step(now);
      task.coordinator.tick(now);
      task.shares.report(now);
      task.steps.needed(!task.shares.isIdle());
    }
  }

  /** Comes only once the hello was read back. */
  private void runStep(long now) {
    Task task = current();
    task.shares.step(now);
    if (parts.wantsCommit().getAsBoolean()) {
      task.context.commit();
    }
  }

  /** What any task of this instance has sent: it does not matter which of them tells. */
  private void sendLandings(Task task, long now) {
    Optional<Landing> next = parts.landings().next();
    for (int sent = 0; next.isPresent(); sent++) {
      task.output.landing(next.get(), now);
      next = sent < LANDINGS_PER_STEP ? parts.landings().next() : Optional.empty();
    }
  }

  private void doDue(Task task, long now) {
    DueQuery due = new DueQuery(now, DUE_PER_STEP);
    var answer = task.store.query(due, PositionBound.unbounded(), new QueryConfig(false));
    if (answer.isFailure()) {
      // The thread is replaced, and the store opened again: a damaged one is restored then.
      throw new IllegalStateException(
          "the letter store does not answer: " + answer.getFailureMessage());
    }
    for (Due.Entry entry : answer.getResult().entries()) {
      if (entry instanceof Due.OfLetter letter) {
        doDue(task, letter.id(), now);
      } else if (entry instanceof Due.OfRow row) {
        doDue(task, row.key().array(), now);
      }
    }
  }

  private static void doDue(Task task, byte[] rowKey, long now) {
    if (rowKey[0] == RowKey.EFFECT) {
      task.effects.due(rowKey, now).ifPresent(effect -> effectDue(task, effect, now));
    } else if (rowKey[0] == RowKey.LANDING) {
      task.landings.due(rowKey, now);
    } else if (rowKey[0] == RowKey.REPLAYS) {
      task.limits.forget(rowKey, now);
    } else {
      task.rows.forget(rowKey, now);
    }
  }

  private static void effectDue(Task task, Effect effect, long now) {
    if (effect.work() instanceof Effect.Callback) {
      task.callbacks.due(effect, now);
    } else {
      task.commands.late(effect, now);
    }
  }

  /** The query saw what is committed; what this transaction already did is seen here. */
  private void doDue(Task task, LetterId id, long now) {
    Stored stored = task.rows.letter(id);
    if (stored != null) {
      String pipelineId = stored.head().facts().pipelineId();
      Transitions.due(stored.head(), parts.pipelines().silenceSucceeds(pipelineId), now)
          .ifPresent(step -> task.changes.apply(id, stored, step, News.ofSilence(step), now));
    }
  }

  private Task current() {
    return Objects.requireNonNull(task, "the ledger is not initialised");
  }
}
