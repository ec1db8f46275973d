// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.command.Added;
import dev.redrive.command.Answer;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.command.OutcomeNews;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureDetail.Cut;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.FailureKind;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Header;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.LetterState.Parked;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Original;
import dev.redrive.letter.Outcome;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.ReplayMark;
import dev.redrive.letter.Source;
import dev.redrive.run.Allowance;
import dev.redrive.run.Bucket;
import dev.redrive.run.FailureWindow;
import dev.redrive.run.JournalLine;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Part;
import dev.redrive.run.Place;
import dev.redrive.run.PlanCell;
import dev.redrive.run.Progress;
import dev.redrive.run.RunSpec;
import dev.redrive.run.RunState;
import dev.redrive.run.Share;
import dev.redrive.run.ShareReport;
import dev.redrive.run.ShareSpec;
import dev.redrive.run.Sums;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Values of every shape from a seed: each optional field is null, empty or full, numbers reach
 * their ends, texts have characters of one to four bytes. Long because it knows every type that has
 * a layout.
 */
final class Samples {
  private static final String[] CHARACTERS = {"a", "Z", "7", "-", "\"", "\n", "ü", "漢", "🙂", "\0"};

  private final Random random;

  Samples(long seed) {
    random = new Random(seed);
  }

  LetterId id() {
    return new LetterId(random.nextLong(), random.nextLong());
  }

  List<LetterId> ids(int count) {
    return Stream.generate(this::id).limit(count).toList();
  }

  FailureFacts facts() {
    return new FailureFacts(
        text(20),
        text(20),
        one(Origin.values()),
        one(FailureKind.values()),
        optional(() -> text(10)),
        optional(() -> text(10)),
        optional(() -> text(10)),
        optional(() -> text(10)),
        number(),
        number(),
        number(),
        optional(this::integer),
        list(() -> text(5)),
        optional(() -> text(10)),
        one(Fidelity.values()),
        random.nextBoolean() ? position() : DeadLetterPosition.NONE,
        optional(
            () -> new ReplayMark(optional(() -> text(10)), optional(() -> random.nextInt(9) + 1))),
        optional(
            () ->
                new HttpFacts(
                    optional(() -> text(5)),
                    optional(() -> text(5)),
                    optional(() -> text(5)),
                    optional(() -> text(5)),
                    optional(() -> text(5)))));
  }

  DeadLetterPosition position() {
    return new DeadLetterPosition(
        new UUID(random.nextLong(), random.nextLong()),
        text(10),
        random.nextInt(Integer.MAX_VALUE),
        number(),
        integer(),
        number());
  }

  FailureDetail detail() {
    return new FailureDetail(
        record(),
        text(8),
        list(() -> text(8)),
        error(),
        new Source(
            optional(() -> text(10)),
            optional(this::integer),
            optional(this::number),
            optional(this::number),
            optional(() -> text(10))),
        optional(() -> "{}"),
        optional(this::delivery),
        list(() -> text(30)),
        optional(() -> new Cut(number(), number(), number())));
  }

  RawRecord record() {
    return new RawRecord(
        optional(this::raw),
        optional(this::raw),
        list(() -> new Header(text(6), optional(this::raw))));
  }

  FailureError error() {
    return new FailureError(
        optional(() -> text(10)),
        optional(() -> text(50)),
        optional(() -> text(20)),
        optional(() -> text(20)),
        optional(() -> text(300)));
  }

  private HttpDelivery delivery() {
    return new HttpDelivery(
        optional(() -> text(5)),
        optional(this::number),
        optional(() -> text(5)),
        optional(() -> text(5)),
        httpHeader(),
        optional(this::integer),
        optional(() -> text(5)),
        optional(this::number),
        optional(this::number),
        response(),
        optional(this::integer),
        optional(this::integer),
        optional(this::integer),
        optional(() -> text(5)),
        httpHeader(),
        optional(() -> text(5)),
        httpHeader(),
        response(),
        optional(() -> text(5)),
        optional(() -> text(5)),
        optional(() -> text(5)),
        optional(() -> text(5)));
  }

  private HttpDelivery.Response response() {
    return new HttpDelivery.Response(optional(this::integer), httpHeader(), optional(this::raw));
  }

  private Map<String, List<String>> httpHeader() {
    Map<String, List<String>> header = new HashMap<>();
    list(() -> header.put(text(6), list(() -> text(6))) == null);
    return header;
  }

  LetterHead head() {
    return new LetterHead(
        facts(),
        number(),
        number(),
        number(),
        integer(),
        integer(),
        list(this::integer),
        optional(() -> text(10)),
        state(),
        number());
  }

  LetterState state() {
    return switch (random.nextInt(3)) {
      case 0 -> new Pending(random.nextBoolean(), optional(() -> text(20)), optional(this::number));
      case 1 -> new Retrying(text(10), integer(), number(), number(), text(10));
      default -> new Parked(text(20));
    };
  }

  /** One that may be written as JSON: what {@link CommandJson} says of lengths holds. */
  Command command() {
    return switch (random.nextInt(5)) {
      case 0 -> new RunControl(one(RunControl.Verb.values()), meta(false), "run_" + text(10));
      case 1, 2 -> runCommand();
      default -> letterCommand();
    };
  }

  LetterCommand letterCommand() {
    LetterCommand.Type type = one(LetterCommand.Type.values());
    boolean replay = type == LetterCommand.Type.REPLAY;
    Added added =
        type == LetterCommand.Type.ADD
            ? new Added(text(20) + "p", text(20) + "r", recordOfSomething(), namedError())
            : null;
    return new LetterCommand(
        type,
        meta(replay),
        added == null ? id() : LetterId.of(added.pipelineId(), added.recordId()),
        replay ? optional(() -> one("high", "normal", "low")) : null,
        added);
  }

  RunCommand runCommand() {
    RunCommand.Action action = one(RunCommand.Action.values());
    boolean replay = action == RunCommand.Action.REPLAY;
    RunTarget target =
        switch (random.nextInt(3)) {
          case 0 ->
              new RunTarget.Picked(
                  List.of(id(), id()), random.nextBoolean() ? LetterFilter.ALL : filter());
          case 1 -> RunTarget.of(filter());
          default -> new RunTarget.Matching(LetterFilter.ALL);
        };
    return new RunCommand(action, meta(replay), target, replay ? options() : RunOptions.NONE);
  }

  /** No window and no success beyond what {@code SchemasTest} puts in their place. */
  private RunOptions options() {
    return new RunOptions(
        optional(() -> 1.0 + random.nextInt(99)),
        optional(() -> 1 + random.nextInt(99)),
        optional(
            () ->
                new RunOptions.Canary(
                    7 + random.nextInt(9), Duration.ofMillis(1 + random.nextInt(9_999)), 7)),
        optional(() -> new RunOptions.FailureLimit(0.25, 1 + random.nextInt(99))),
        random.nextBoolean(),
        optional(() -> one("high", "normal", "low")),
        random.nextBoolean(),
        optional(() -> text(10) + "n"),
        optional(() -> false));
  }

  RunSpec runSpec() {
    return new RunSpec(
        text(9) + "r", runCommand(), number(), optional(() -> 0.5), random.nextInt(64) + 1);
  }

  Progress progress() {
    RunState state =
        switch (random.nextInt(6)) {
          case 0 -> new RunState.Selecting();
          case 1 -> new RunState.Canary(optional(this::number));
          case 2 -> new RunState.Running();
          case 3 -> new RunState.Halted(text(20));
          case 4 -> new RunState.Cancelled();
          default -> new RunState.Completed();
        };
    return new Progress(
        state,
        number(),
        optional(this::number),
        optional(this::number),
        new Bucket(random.nextDouble(), number()),
        new FailureWindow(number(), number(), number(), number()),
        list(() -> new Progress.Sample(number(), number())));
  }

  Part part() {
    return new Part(
        random.nextInt(64),
        random.nextBoolean(),
        random.nextBoolean(),
        sums(),
        one(Part.Order.values()),
        number(),
        number(),
        optional(this::number),
        plan(),
        heldUp());
  }

  ShareSpec shareSpec() {
    return new ShareSpec(text(9) + "r", runCommand(), optional(() -> list(this::id)));
  }

  Share share() {
    return new Share(
        number(),
        random.nextBoolean(),
        random.nextBoolean(),
        optional(() -> new Place(number(), id())),
        sums(),
        number(),
        number(),
        number(),
        number(),
        random.nextBoolean(),
        list(this::id),
        plan());
  }

  JournalLine line() {
    return new JournalLine(
        one(LetterOutcome.values()),
        integer(),
        number(),
        optional(() -> text(10)),
        random.nextBoolean());
  }

  RunEntry runEntry() {
    return switch (random.nextInt(5)) {
      case 0 -> new RunEntry.Start(runCommand());
      case 1 -> new RunEntry.Control(new RunControl(RunControl.Verb.CANCEL, meta(false), "run_1"));
      case 2 -> new RunEntry.Select(shareSpec());
      case 3 ->
          new RunEntry.Reported(
              text(9),
              new ShareReport(
                  random.nextInt(9),
                  random.nextBoolean(),
                  random.nextBoolean(),
                  sums(),
                  number(),
                  plan(),
                  heldUp()));
      default ->
          new RunEntry.Allowed(
              text(9),
              one(
                  new Allowance.Some(number()),
                  new Allowance.Unlimited(),
                  new Allowance.Hold(),
                  new Allowance.Stop(),
                  new Allowance.Forget()));
    };
  }

  private Sums sums() {
    TreeMap<String, Long> skipped = new TreeMap<>();
    list(() -> skipped.put(text(9), number()));
    return new Sums(number(), skipped, number(), number(), number(), number(), number(), number());
  }

  private SortedMap<String, Long> heldUp() {
    TreeMap<String, Long> heldUp = new TreeMap<>();
    list(() -> heldUp.put(text(9), number()));
    return heldUp;
  }

  private SortedMap<PlanCell, Long> plan() {
    TreeMap<PlanCell, Long> plan = new TreeMap<>();
    list(
        () ->
            plan.put(
                new PlanCell(
                    text(9),
                    optional(() -> text(9)),
                    optional(() -> text(9)),
                    optional(() -> text(9))),
                number()));
    return plan;
  }

  LetterFilter filter() {
    LetterFilter filter =
        LetterFilter.ALL.with(Attribute.ERROR_CODE, new HashSet<>(List.of(text(9) + "e")));
    if (random.nextBoolean()) {
      filter = filter.with(Attribute.PIPELINE, Set.of(text(9) + "p"));
    }
    if (random.nextBoolean()) {
      filter = filter.with(Attribute.STATUS, Set.of(one("pending", "parked")));
    }
    if (random.nextBoolean()) {
      filter = filter.between(random.nextInt(9_999), Long.MAX_VALUE);
    }
    return random.nextBoolean()
        ? filter
        : filter.with(new LetterFilter.Text(text(9) + "m", null, null, text(9) + "h"));
  }

  private Command.Meta meta(boolean replay) {
    return new Command.Meta(
        text(20) + "c",
        text(20) + "q",
        optional(() -> text(10) + "b"),
        optional(() -> text(40) + "n"),
        replay ? optional(() -> one("restart", "resume")) : null);
  }

  private @Nullable RawRecord recordOfSomething() {
    RawRecord record =
        new RawRecord(
            optional(this::raw),
            optional(this::raw),
            list(() -> new Header(text(6) + "h", optional(this::raw))));
    boolean nothing = record.key() == null && record.value() == null && record.headers().isEmpty();
    return nothing ? null : record;
  }

  private FailureError namedError() {
    return new FailureError(
        optional(() -> text(10) + "e"),
        optional(() -> text(50)),
        optional(() -> text(20) + "c"),
        optional(() -> text(20) + "r"),
        optional(() -> text(300)));
  }

  OutcomeNews news() {
    return new OutcomeNews(
        id(),
        new Outcome(
            one(Outcome.Result.values()),
            optional(() -> text(10)),
            optional(() -> random.nextInt(50) + 1),
            error()));
  }

  Answer answer() {
    return new Answer(
        text(10) + "c",
        text(10) + "q",
        optional(() -> new Refusal(one(Refusal.Code.values()), text(30))),
        random.nextBoolean(),
        optional(this::id),
        optional(() -> text(10) + "u"),
        optional(() -> new Answer.Seen(random.nextInt(100), number())));
  }

  Entry entry() {
    return switch (random.nextInt(10)) {
      case 0 -> failure();
      case 6 -> new Entry.InferredEntry(landing(), random.nextBoolean());
      case 7 -> new Entry.OfRun(runEntry());
      case 8 ->
          new Entry.GroupEntry(
              text(20), text(40), text(20), integer(), random.nextBoolean(), number());
      case 4 -> new Entry.LandingEntry(landing());
      case 5 -> new Entry.RoutedFailure(failure(), random.nextBoolean());
      case 1 -> new Entry.CommandEntry(letterCommand(), number());
      case 2 -> new Entry.OutcomeEntry(news());
      case 3 -> new Entry.EffectEntry(effectId(), integer(), optional(() -> text(20)));
      default -> new Entry.HelloEntry(text(20));
    };
  }

  FailureGroup group() {
    SortedMap<String, SortedSet<Integer>> occupied = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      occupied.put(text(20), new TreeSet<>(List.of(integer(), integer())));
    }
    return new FailureGroup(
        text(20), text(40), number(), number(), integer(), number(), number(), occupied);
  }

  Entry.FailureEntry failure() {
    return new Entry.FailureEntry(id(), facts(), RawBytes.of(DetailCodec.encode(detail())));
  }

  HourlyCount hourlyCount() {
    return new HourlyCount(list(() -> new HourlyCount.Minute(random.nextInt(), integer())));
  }

  Landing landing() {
    return new Landing(
        new Coordinates(text(20), integer(), number()),
        id(),
        text(10),
        text(10),
        text(10),
        integer(),
        optional(() -> text(10)),
        number());
  }

  Effect effect() {
    Original original =
        new Original(
            new Coordinates(text(20), integer(), number()),
            optional(() -> new UUID(number(), number())),
            number());
    Effect.Fetch fetch =
        new Effect.Fetch(original, letterCommand(), List.of(text(10), text(10)), number());
    return new Effect(effectId(), integer(), number(), fetch);
  }

  private EffectId effectId() {
    return new EffectId(id(), EffectId.Kind.FETCH, number());
  }

  byte[] garbage(int longest) {
    byte[] bytes = new byte[random.nextInt(longest)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The bytes with one to four of them changed. */
  byte[] damaged(byte[] bytes) {
    byte[] copy = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && copy.length > 0; i--) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt();
    }
    return copy;
  }

  RawBytes raw() {
    return RawBytes.of(garbage(40));
  }

  String text(int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest); i > 0; i--) {
      text.append(one(CHARACTERS));
    }
    return text.toString();
  }

  long number() {
    return switch (random.nextInt(5)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> random.nextLong();
      default -> random.nextInt(1000) - 10;
    };
  }

  int integer() {
    return switch (random.nextInt(4)) {
      case 0 -> Integer.MIN_VALUE;
      case 1 -> Integer.MAX_VALUE;
      default -> random.nextInt(1000) - 10;
    };
  }

  private <T> @Nullable T optional(Supplier<T> value) {
    return random.nextInt(3) == 0 ? null : value.get();
  }

  private <T> List<T> list(Supplier<T> each) {
    List<T> values = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(each.get());
    }
    return values;
  }

  @SafeVarargs
  private <T> T one(T... values) {
    return values[random.nextInt(values.length)];
  }
}
