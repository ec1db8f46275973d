// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.redrive.codec.Entry.FailureEntry;
import dev.redrive.command.Answer;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.RawBytes;
import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Every binary layout: what is written is read, and what was not written is refused, no more. */
class BinaryLayoutsTest {
  private static final int ROUNDS = 2_000;

  /**
   * A layout under test.
   *
   * @param write a value of the samples as bytes
   * @param read the bytes as a value that equals what was written
   */
  private record Layout(
      String name, Function<Samples, Written> write, Function<byte[], Object> read) {
    byte[] bytes(long seed) {
      return write.apply(new Samples(seed)).bytes.array();
    }
  }

  private record Written(Object value, RawBytes bytes) {
    Written(Object value, byte[] bytes) {
      this(value, RawBytes.of(bytes));
    }
  }

  private static final Layout[] LAYOUTS = {
    new Layout(
        "head",
        samples -> {
          var head = samples.head();
          return new Written(head, HeadCodec.encode(head));
        },
        HeadCodec::decode),
    new Layout(
        "detail",
        samples -> {
          var detail = samples.detail();
          return new Written(detail, DetailCodec.encode(detail));
        },
        DetailCodec::decode),
    new Layout(
        "letter",
        samples -> {
          var head = samples.head();
          var detail = samples.detail();
          return new Written(
              Arrays.asList(head, detail), LetterRow.encode(head, DetailCodec.encode(detail)));
        },
        row -> Arrays.asList(LetterRow.head(row), LetterRow.detail(row))),
    new Layout(
        "mark",
        samples -> {
          var mark = new IntakeMark(samples.number(), samples.integer());
          return new Written(mark, mark.encode());
        },
        IntakeMark::decode),
    new Layout(
        "command seen",
        samples -> {
          // Whether it is a repeat is not remembered: that is what remembering it is for.
          var answer = samples.answer();
          var first =
              new Answer(
                  answer.commandId(),
                  answer.requestId(),
                  answer.refusal(),
                  false,
                  answer.letter(),
                  answer.runId(),
                  answer.seen());
          var seen = new CommandSeen(first, samples.number());
          return new Written(seen, seen.encode());
        },
        CommandSeen::decode),
    new Layout(
        "effect",
        samples -> {
          var effect = samples.effect();
          return new Written(effect, effect.encode());
        },
        Effect::decode),
    new Layout(
        "count of replays",
        samples -> {
          var count = samples.hourlyCount();
          return new Written(count, count.encode());
        },
        HourlyCount::decode),
    new Layout(
        "landing",
        samples -> {
          var landing = samples.landing();
          return new Written(landing, landing.encode());
        },
        Landing::decode),
    new Layout(
        "run",
        samples -> {
          var spec = samples.runSpec();
          return new Written(spec, RunRow.encode(spec));
        },
        RunRow::decodeSpec),
    new Layout(
        "run's progress",
        samples -> {
          var progress = samples.progress();
          return new Written(progress, RunRow.encode(progress));
        },
        RunRow::decodeProgress),
    new Layout(
        "run's part",
        samples -> {
          var part = samples.part();
          return new Written(part, RunRow.encode(part));
        },
        RunRow::decodePart),
    new Layout(
        "share's spec",
        samples -> {
          var spec = samples.shareSpec();
          return new Written(spec, ShareRow.encode(spec));
        },
        ShareRow::decodeSpec),
    new Layout(
        "share",
        samples -> {
          var share = samples.share();
          return new Written(share, ShareRow.encode(share));
        },
        ShareRow::decode),
    new Layout(
        "journal line",
        samples -> {
          var line = samples.line();
          return new Written(line, JournalRow.encode(line));
        },
        JournalRow::decode),
    new Layout(
        "failure group",
        samples -> {
          var group = samples.group();
          return new Written(group, GroupCodec.encode(group));
        },
        GroupCodec::decode),
    new Layout(
        "entry",
        samples -> {
          var entry = samples.entry();
          return new Written(entry, EntryCodec.encode(entry));
        },
        EntryCodec::decode),
  };

  @Test
  void whatIsWrittenIsRead() {
    for (Layout layout : LAYOUTS) {
      for (long seed = 0; seed < ROUNDS; seed++) {
        Written written = layout.write.apply(new Samples(seed));
        assertThat(layout.read.apply(written.bytes.array()))
            .as("%s of seed %d", layout.name, seed)
            .isEqualTo(written.value);
      }
    }
  }

  @Test
  void equalValuesHaveEqualBytes() {
    for (Layout layout : LAYOUTS) {
      for (long seed = 0; seed < 200; seed++) {
        assertThat(layout.bytes(seed))
            .as("%s of seed %d", layout.name, seed)
            .isEqualTo(layout.bytes(seed));
      }
    }
  }

  @Test
  void whatEndsEarlyIsRefused() {
    for (Layout layout : LAYOUTS) {
      for (long seed = 0; seed < 20; seed++) {
        byte[] bytes = layout.bytes(seed);
        // An entry's detail is not looked into, so that an entry may end early inside it.
        int until = layout.name.equals("entry") ? Math.min(bytes.length, 18) : bytes.length;
        for (int length = 0; length < until; length++) {
          byte[] start = Arrays.copyOf(bytes, length);
          assertThatThrownBy(() -> layout.read.apply(start))
              .as("%s of seed %d, %d of %d bytes", layout.name, seed, length, bytes.length)
              .isInstanceOf(UnreadableBytesException.class);
        }
      }
    }
  }

  @Test
  void damageIsReadAsSomethingElseOrRefusedButDoesNoHarm() {
    Samples dice = new Samples(4711);
    for (Layout layout : LAYOUTS) {
      for (long seed = 0; seed < ROUNDS; seed++) {
        byte[] damaged = dice.damaged(layout.bytes(seed));
        readOrRefuse(layout, damaged);
      }
    }
  }

  @Test
  void garbageIsRefused() {
    Samples dice = new Samples(42);
    for (Layout layout : LAYOUTS) {
      for (int i = 0; i < ROUNDS; i++) {
        byte[] garbage = dice.garbage(300);
        readOrRefuse(layout, garbage);
        if (garbage.length > 0) {
          garbage[0] = 1;
          readOrRefuse(layout, garbage);
        }
      }
    }
  }

  @Test
  void newerLayoutIsRefusedAndSaysSo() {
    for (Layout layout : LAYOUTS) {
      byte[] bytes = layout.bytes(7);
      bytes[0] = 9;
      assertThatThrownBy(() -> layout.read.apply(bytes))
          .as(layout.name)
          .isInstanceOf(UnreadableBytesException.class)
          .hasMessageContaining("layout version 9; this Redrive reads up to ");
    }
  }

  @Test
  void bytesTooManyAreRefused() {
    for (Layout layout : LAYOUTS) {
      // No failure: its detail takes whatever follows.
      byte[] bytes =
          layout.name.equals("entry")
              ? EntryCodec.encode(new Entry.HelloEntry("nonce"))
              : layout.bytes(3);
      assertThatThrownBy(() -> layout.read.apply(Arrays.copyOf(bytes, bytes.length + 1)))
          .as(layout.name)
          .isInstanceOf(UnreadableBytesException.class)
          .hasMessageContaining("1 bytes too many");
    }
  }

  @Test
  void headThatNoRetryWaitsForIsWrittenAsAnOlderInstanceReadsIt() {
    LetterHead plain = samplesHead(new Pending(true, "why", null));
    LetterHead due = samplesHead(new Pending(true, "why", 1_790_000_000_000L));

    assertThat(HeadCodec.encode(plain)[0]).isEqualTo((byte) 1);
    assertThat(HeadCodec.decode(HeadCodec.encode(plain))).isEqualTo(plain);
    assertThat(HeadCodec.encode(due)[0]).isEqualTo((byte) 2);
    assertThat(HeadCodec.decode(HeadCodec.encode(due)).retryAt()).hasValue(1_790_000_000_000L);
  }

  private static LetterHead samplesHead(LetterState state) {
    LetterHead any = new Samples(8).head();
    return new LetterHead(
        any.facts(), 1, 2, 3, 4, 5, any.awaited(), any.lastRunId(), state, any.change());
  }

  @Test
  void detailOfStoredLetterIsTheDetailThatWasStored() {
    Samples samples = new Samples(11);
    byte[] detail = DetailCodec.encode(samples.detail());

    byte[] row = LetterRow.encode(samples.head(), detail);

    assertThat(LetterRow.detailBytes(row)).isEqualTo(detail);
  }

  @Test
  void garbageDetailOfFailureReachesTheLedgerUntouched() {
    Samples samples = new Samples(5);
    byte[] detail = samples.garbage(100);

    byte[] entry = EntryCodec.encodeFailure(samples.id(), samples.facts(), detail);

    assertThat(((FailureEntry) EntryCodec.decode(entry)).detail().array()).isEqualTo(detail);
  }

  private static void readOrRefuse(Layout layout, byte[] bytes) {
    Throwable thrown = catchThrowable(() -> layout.read.apply(bytes));
    if (thrown != null) {
      assertThat(thrown).as(layout.name).isInstanceOf(UnreadableBytesException.class);
    }
  }
}
