// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.redrive.codec.TypedJson;
import dev.redrive.command.Command;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Status;
import dev.redrive.letter.RawBytes;
import dev.redrive.query.MemoryLedger;
import dev.redrive.run.Run;
import dev.redrive.run.RunSpec;
import dev.redrive.store.ArrivedQuery;
import dev.redrive.store.DueQuery;
import dev.redrive.store.LetterPage;
import dev.redrive.store.LetterQuery;
import dev.redrive.store.MatchQuery;
import dev.redrive.store.PagePosition;
import dev.redrive.store.PageQuery;
import dev.redrive.store.RetriesQuery;
import dev.redrive.store.RowsQuery;
import dev.redrive.store.RunQuery;
import dev.redrive.store.ScanQuery;
import dev.redrive.store.ServedChangeQuery;
import dev.redrive.store.Statistics;
import dev.redrive.store.StatisticsQuery;
import dev.redrive.store.Totals;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.query.Query;
import org.junit.jupiter.api.Test;

class PeerQueryTest {

  /** Asked by a task of its own store, never of another instance. */
  private static final Set<Class<?>> WITHIN_THE_TASK =
      Set.of(
          MatchQuery.class,
          DueQuery.class,
          RowsQuery.class,
          ArrivedQuery.class,
          RetriesQuery.class);

  @Test
  void everyQueryOfTheStoreTravelsOrStaysInItsTask() {
    Set<String> all =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.redrive.store")
                .stream()
                .filter(type -> type.isAssignableTo(Query.class))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    Set<Class<?>> known = new HashSet<>(WITHIN_THE_TASK);
    PeerQuery.ALL.forEach(kind -> assertThat(known.add(kind.type())).isTrue());

    assertThat(all).contains(LetterQuery.class.getName());
    assertThat(known.stream().map(Class::getName)).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void queriesAndAnswersAreMadeOfWhatTravels() {
    assertThat(PeerQuery.ALL)
        .allSatisfy(kind -> assertThat(TypedJson.unfit(kind.type())).as(kind.name()).isEmpty())
        .allSatisfy(kind -> assertThat(TypedJson.unfit(kind.answer())).as(kind.name()).isEmpty())
        .extracting(PeerQuery::name)
        .doesNotHaveDuplicates();
    assertThat(TypedJson.unfit(ScanReply.class)).isEmpty();
  }

  @Test
  void questionsArriveAsTheyWereAsked() {
    LetterFilter filter =
        LetterFilter.ALL
            .with(Attribute.PIPELINE, Set.of("a", "b \uD83D\uDE00"))
            .between(5, Long.MAX_VALUE)
            .with(new LetterFilter.Text("broke", null, "\"p\"", null))
            .asMasked(true);
    PagePosition after = new PagePosition(-3, new LetterId(Long.MIN_VALUE, 7));

    sameAfterTheWay(new PageQuery(filter, true, after, 10, 99));
    sameAfterTheWay(PageQuery.newest(LetterFilter.ALL, 1));
    sameAfterTheWay(new StatisticsQuery(Set.of("x"), Long.MIN_VALUE, 9, 3, true));
    sameAfterTheWay(new ScanQuery(filter, 12));
    sameAfterTheWay(new ServedChangeQuery());
  }

  @Test
  void answersArriveAsTheyWereGiven() {
    Letter letter = letter("r1", 100);

    sameAfterTheWay(LetterQuery.class, Optional.of(letter));
    sameAfterTheWay(LetterQuery.class, Optional.empty());
    sameAfterTheWay(PageQuery.class, new LetterPage(List.of(letter), PagePosition.of(letter)));
    sameAfterTheWay(PageQuery.class, new LetterPage(List.of(), null));
    sameAfterTheWay(
        StatisticsQuery.class,
        new Statistics(
            Map.of(new Totals.Cell("p", null, Status.PENDING), 3L),
            Map.of(new Statistics.GroupCell("p", "g"), 2L),
            Map.of(3_600_000L, 1L),
            null));
    sameAfterTheWay(RunQuery.class, Optional.of(run()));
    sameAfterTheWay(ServedChangeQuery.class, Long.MAX_VALUE);
  }

  @Test
  void aPageOfLargeLettersEndsEarlyAndSaysWhere() {
    List<Letter> letters =
        List.of(letter("a", 9_000_000), letter("b", 9_000_000), letter("c", 9_000_000));
    PeerQuery page = PeerQuery.named("page").orElseThrow();

    LetterPage cut = (LetterPage) page.bound().apply(new LetterPage(letters, null));

    assertThat(cut.letters()).containsExactly(letters.get(0));
    assertThat(cut.end()).isEqualTo(PagePosition.of(letters.get(0)));
    LetterPage one = new LetterPage(List.of(letter("d", 40_000_000)), null);
    assertThat(page.bound().apply(one)).isEqualTo(one);
  }

  private static void sameAfterTheWay(Query<?> query) {
    PeerQuery kind = PeerQuery.of(query).orElseThrow();
    byte[] sent = TypedJson.encode(query, kind.type());
    assertThat(TypedJson.decode(sent, kind.type())).isEqualTo(query);
  }

  private static void sameAfterTheWay(Class<?> query, Object answer) {
    PeerQuery kind =
        PeerQuery.ALL.stream().filter(one -> one.type() == query).findFirst().orElseThrow();
    PeerReply sent =
        new PeerReply(
            kind.name(),
            List.of(new PeerReply.Part(0, TypedJson.write(answer, kind.answer()), null, null)));
    PeerReply come =
        (PeerReply) TypedJson.decode(TypedJson.encode(sent, PeerReply.class), PeerReply.class);
    assertThat(TypedJson.read(come.parts().get(0).value(), kind.answer())).isEqualTo(answer);
  }

  private static Letter letter(String record, int bytes) {
    MemoryLedger ledger = new MemoryLedger();
    LetterId id =
        ledger.put(
            MemoryLedger.facts("p", record, 1_000, "E1"),
            MemoryLedger.detail(RawBytes.of(new byte[bytes]), "E1"));
    return ledger.letter(id).orElseThrow();
  }

  private static Run run() {
    RunOptions options =
        new RunOptions(
            2.5,
            null,
            new RunOptions.Canary(3, Duration.ofMinutes(1), 2),
            null,
            true,
            "high",
            false,
            "one",
            null);
    RunCommand command =
        new RunCommand(
            RunCommand.Action.REPLAY,
            new Command.Meta("c1", "q1", null, "note", null),
            new RunTarget.Picked(List.of(new LetterId(1, 2)), LetterFilter.ALL),
            options);
    return Run.accepted(new RunSpec("run_c1", command, 5, 2.5, 2), 6);
  }
}
