// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.command.Added;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.filter.DetailView;
import dev.redrive.filter.LetterMatcher;
import dev.redrive.letter.CallbackRules;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Origin;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.run.JournalLine;
import dev.redrive.run.Run;
import dev.redrive.store.CountQuery;
import dev.redrive.store.Counts;
import dev.redrive.store.GroupFacts;
import dev.redrive.store.GroupQuery;
import dev.redrive.store.LetterPage;
import dev.redrive.store.LetterQuery;
import dev.redrive.store.PagePosition;
import dev.redrive.store.PageQuery;
import dev.redrive.store.ScanQuery;
import dev.redrive.store.ServedChangeQuery;
import dev.redrive.store.Statistics;
import dev.redrive.store.StatisticsQuery;
import dev.redrive.store.Totals;
import dev.redrive.store.TotalsQuery;
import dev.redrive.topology.LedgerPartitioner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.query.Query;

/**
 * A ledger of three partitions in memory, for tests of what lies in front of it. It keeps to the
 * contracts of the store's queries and changes letters by the real rules.
 */
public final class MemoryLedger implements Partitions, CommandSender {
  public final List<Command> commands = new ArrayList<>();
  public volatile long served = 1;

  /** Whether whatever is asked fails, as only a bug would make it. */
  public volatile boolean broken;

  /** What filters that are masked look at. */
  public volatile DetailView masked = DetailView.BLIND;

  /** How many letters of a partition a page looks at before it is given up as it is. */
  public volatile int looks = Integer.MAX_VALUE;

  /** What happens before a question is answered; may throw. */
  public volatile Runnable beforeAnswering = () -> {};

  private final Map<LetterId, Letter> letters = new ConcurrentHashMap<>();
  private final MemoryRuns runs = new MemoryRuns(3);
  private final Map<Integer, String> down = new ConcurrentHashMap<>();
  private final Map<Integer, Long> behind = new ConcurrentHashMap<>();
  private volatile Optional<Sent> instead = Optional.empty();

  /** A run as its coordinator has it. */
  public void put(Run run) {
    runs.put(run);
  }

  /** What the journal of every run says of a letter. */
  public void journal(LetterId id, JournalLine line) {
    runs.journal.put(id, line);
  }

  /** A failed record; the same pipeline and record are the same letter. */
  public LetterId fail(String pipeline, String record, long at, String code, String payload) {
    return put(facts(pipeline, record, at, code), detail(RawBytes.utf8(payload), code));
  }

  public LetterId put(FailureFacts facts, FailureDetail detail) {
    LetterId id = facts.letterId();
    Letter stored = letters.get(id);
    LetterHead head =
        Transitions.failed(stored == null ? null : stored.head(), facts, facts.failedAt()).head();
    letters.put(id, new Letter(id, head, detail));
    return id;
  }

  public void remove(LetterId id) {
    letters.remove(id);
  }

  public Optional<Letter> letter(LetterId id) {
    return Optional.ofNullable(letters.get(id));
  }

  public int partitionOf(LetterId id) {
    return LedgerPartitioner.partition(id, count());
  }

  public void down(int partition, String reason) {
    down.put(partition, reason);
  }

  /** From now on a standby answers for the partition, so many records behind. */
  public void standby(int partition, long records) {
    behind.put(partition, records);
  }

  public void up(int partition) {
    behind.remove(partition);
    down.remove(partition);
  }

  /** Answers every command with this. */
  public void answer(Sent sent) {
    instead = Optional.of(sent);
  }

  public static FailureFacts facts(String pipeline, String record, long at, String code) {
    return new FailureFacts(
        pipeline,
        record,
        Origin.PIPELINE,
        FailureKind.EXCEPTION,
        "conn_1",
        code,
        null,
        "run_producer",
        at,
        at,
        at,
        3,
        List.of("eu"),
        "orders",
        Fidelity.ORIGINAL,
        new DeadLetterPosition(new UUID(1, 2), "redrive-errors", 1, 42, 0, at),
        null,
        null);
  }

  public static FailureDetail detail(RawBytes value, String code) {
    return new FailureDetail(
        new RawRecord(RawBytes.utf8("key"), value, List.of(Header.utf8("a", "b"))),
        "native",
        List.of("native"),
        new FailureError(code, "it broke", "java.io.IOException", null, "at a.b.C"),
        new Source("orders", 3, 1077245L, 1_700_000_000_000L, "group"),
        "{\"batch_id\":\"b1\"}",
        null,
        List.of(),
        null);
  }

  @Override
  public int count() {
    return 3;
  }

  @Override
  public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
    if (broken) {
      throw new IllegalStateException("broken");
    }
    beforeAnswering.run();
    Map<Integer, PartitionAnswer<R>> answers = new HashMap<>();
    for (int partition : partitions) {
      String reason = down.get(partition);
      Long records = behind.get(partition);
      answers.put(
          partition,
          reason != null
              ? new PartitionAnswer.Missing<>(reason)
              : records == null
                  ? new PartitionAnswer.Served<>(answer(query, partition))
                  : new PartitionAnswer.OfStandby<>(answer(query, partition), records));
    }
    return answers;
  }

  @Override
  public synchronized Sent send(Command sent) {
    commands.add(sent);
    if (instead.isPresent()) {
      return instead.get();
    }
    if (!(sent instanceof LetterCommand command)) {
      return runs.send(sent);
    }
    Letter stored = letters.get(command.letter());
    LetterHead head = stored == null ? null : stored.head();
    String run = "run_" + command.meta().commandId();
    boolean replay = command.type() == LetterCommand.Type.REPLAY;
    Step step =
        switch (command.type()) {
          case REPLAY -> Transitions.replay(command.letter(), head, run, "redrive-retry", 1, 2);
          case DISCARD -> Transitions.discard(command.letter(), head);
          case ADD -> Transitions.add(command.letter(), head, manual(command), false, 1);
          case RERUN_CALLBACK -> CallbackRules.rerun(command.letter(), head, true, 1);
          case CANCEL_CALLBACK -> CallbackRules.cancel(command.letter(), head, 1);
        };
    if (step instanceof Step.Write write) {
      FailureDetail detail = stored == null ? detail(null, null) : stored.detail();
      if (command.added() != null) {
        detail = detail.withError(command.added().error());
      }
      letters.put(command.letter(), new Letter(command.letter(), write.head(), detail));
      if (replay) {
        runs.single(run, command.letter());
      }
    } else if (step instanceof Step.Remove) {
      letters.remove(command.letter());
    }
    return new Sent.Done(
        new Answer(
            command.meta().commandId(),
            command.meta().requestId(),
            step instanceof Step.Refuse refuse ? refuse.refusal() : null,
            false,
            command.letter(),
            replay ? run : null,
            new Answer.Seen(0, 1)));
  }

  private static FailureFacts manual(LetterCommand command) {
    Added added = command.added();
    return new FailureFacts(
        added.pipelineId(),
        added.recordId(),
        Origin.MANUAL,
        FailureKind.EXCEPTION,
        null,
        added.error().code(),
        null,
        null,
        1,
        1,
        1,
        null,
        List.of(),
        null,
        Fidelity.MISSING,
        DeadLetterPosition.NONE,
        null,
        null);
  }

  @SuppressWarnings("unchecked")
  private <R> R answer(Query<R> query, int partition) {
    if (query instanceof LetterQuery one) {
      return (R) Optional.ofNullable(letters.get(one.id()));
    }
    if (query instanceof PageQuery page) {
      return (R) page(page, partition);
    }
    if (query instanceof TotalsQuery totals) {
      return (R) totals(totals, partition);
    }
    if (query instanceof GroupQuery groups) {
      return (R) groups(groups, partition);
    }
    if (query instanceof ScanQuery) {
      throw new IllegalArgumentException("a scan is of a store: see ExportTest");
    }
    if (query instanceof StatisticsQuery statistics) {
      return (R) statistics(statistics, partition);
    }
    if (query instanceof CountQuery counts) {
      return (R) counts(counts, partition);
    }
    if (query instanceof ServedChangeQuery) {
      return (R) Long.valueOf(served);
    }
    Optional<Object> ofRuns = runs.answer(query, partition);
    if (ofRuns.isPresent()) {
      return (R) ofRuns.get();
    }
    throw new IllegalArgumentException("unknown query " + query);
  }

  private List<Letter> of(int partition, long since, long until) {
    return letters.values().stream()
        .filter(letter -> partitionOf(letter.id()) == partition)
        .filter(letter -> letter.head().facts().failedAt() >= since)
        .filter(letter -> letter.head().facts().failedAt() <= until)
        .toList();
  }

  private LetterPage page(PageQuery query, int partition) {
    Comparator<PagePosition> order =
        query.oldestFirst() ? PagePosition.NEWEST_FIRST.reversed() : PagePosition.NEWEST_FIRST;
    List<Letter> all =
        of(partition, query.filter().since(), query.filter().until()).stream()
            .filter(l -> query.after() == null || order.compare(at(l), query.after()) > 0)
            .sorted(Comparator.comparing(MemoryLedger::at, order))
            .toList();
    LetterMatcher matcher = LetterMatcher.of(query.filter(), masked);
    List<Letter> found = new ArrayList<>();
    PagePosition looked = null;
    int left = Math.min(looks, query.work());
    for (Letter letter : all) {
      if (left-- == 0) {
        return new LetterPage(found, looked);
      }
      if (matcher.fits(letter.head()) && matcher.fits(letter.head(), letter.detail())) {
        if (found.size() == query.limit()) {
          return new LetterPage(found, at(found.get(found.size() - 1)));
        }
        found.add(letter);
      }
      looked = at(letter);
    }
    return new LetterPage(found, null);
  }

  private static PagePosition at(Letter letter) {
    return PagePosition.of(letter);
  }

  private Totals totals(TotalsQuery query, int partition) {
    Map<Totals.Cell, Long> counts = new HashMap<>();
    for (Letter letter : of(partition, query.since(), query.until())) {
      FailureFacts facts = letter.head().facts();
      counts.merge(
          new Totals.Cell(facts.pipelineId(), facts.errorCode(), letter.head().status()),
          1L,
          Long::sum);
    }
    return new Totals(counts);
  }

  private Statistics statistics(StatisticsQuery query, int partition) {
    return statistics(query, of(partition, query.since(), query.until()));
  }

  private static Statistics statistics(StatisticsQuery query, List<Letter> letters) {
    Map<Totals.Cell, Long> totals = new HashMap<>();
    Map<Statistics.GroupCell, Long> groups = new HashMap<>();
    Map<Long, Long> hours = new HashMap<>();
    Long oldest = null;
    for (Letter letter : letters) {
      FailureFacts facts = letter.head().facts();
      if (!query.pipelines().isEmpty() && !query.pipelines().contains(facts.pipelineId())) {
        continue;
      }
      totals.merge(
          new Totals.Cell(facts.pipelineId(), facts.errorCode(), letter.head().status()),
          1L,
          Long::sum);
      if (query.byGroup() && facts.groupId() != null) {
        groups.merge(new Statistics.GroupCell(facts.pipelineId(), facts.groupId()), 1L, Long::sum);
      }
      if (facts.failedAt() >= query.hoursSince()) {
        hours.merge(Math.floorDiv(facts.failedAt(), 3_600_000L) * 3_600_000L, 1L, Long::sum);
      }
      oldest = oldest == null ? facts.failedAt() : Math.min(oldest, facts.failedAt());
    }
    return new Statistics(totals, groups, hours, oldest);
  }

  private Counts counts(CountQuery query, int partition) {
    LetterMatcher matcher = LetterMatcher.of(query.filter(), masked);
    List<Letter> fitting =
        of(partition, query.filter().since(), query.filter().until()).stream()
            .filter(letter -> matcher.fits(letter.head()))
            .filter(letter -> matcher.fits(letter.head(), letter.detail()))
            .toList();
    StatisticsQuery all =
        new StatisticsQuery(
            Set.of(), Long.MIN_VALUE, Long.MAX_VALUE, query.hoursSince(), query.byGroup());
    return new Counts(statistics(all, fitting), looks == Integer.MAX_VALUE ? null : 0L);
  }

  /** Only the newest letters: nobody tells this ledger of groups as a whole. */
  private Map<String, GroupFacts> groups(GroupQuery query, int partition) {
    Map<String, GroupFacts> facts = new HashMap<>();
    for (Letter letter : of(partition, Long.MIN_VALUE, Long.MAX_VALUE)) {
      FailureFacts told = letter.head().facts();
      GroupFacts before = facts.get(told.groupId());
      if (query.groups().contains(String.valueOf(told.groupId()))
          && (query.pipelines().isEmpty() || query.pipelines().contains(told.pipelineId()))
          && (before == null || before.newest().failedAt() < told.failedAt())) {
        facts.put(
            told.groupId(), new GroupFacts(null, new PagePosition(told.failedAt(), letter.id())));
      }
    }
    return facts;
  }
}
