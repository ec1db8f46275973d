// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.LetterState.Retrying;
import dev.redrive.letter.Refusal;
import dev.redrive.letter.Step;
import dev.redrive.letter.Transitions;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Place;
import dev.redrive.run.Share;
import dev.redrive.run.Sums;
import dev.redrive.topology.LedgerRows.Stored;
import dev.redrive.topology.LetterWalk.Page;
import dev.redrive.topology.LetterWalk.Places;
import dev.redrive.topology.ReplayPlanner.Plan;
import dev.redrive.topology.ReplayPlanner.Wish;
import dev.redrive.topology.ShareBook.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work on one share: counting what matches, then trying letter by letter.
 *
 * <p>Past 300 lines because a letter that is counted, sent, put off or tried again moves the same
 * cursors, and whether none is lost between them is seen here or nowhere.
 */
final class ShareWork {
  private static final Logger LOGGER = LoggerFactory.getLogger(ShareWork.class);
  private static final int PAGE = 100;

  /** Less is not worth a walk through the index. */
  private static final int LEAST_PAGE = 10;

  /** How often the letters that were put off are tried again. */
  private static final long LOOK_UP_MS = 20;

  /** The same where a limit per hour is in the way: their tries must not fill the hour. */
  private static final long HELD_UP_MS = 1_000;

  private final LedgerParts parts;
  private final LedgerRows rows;
  private final LetterChanges changes;
  private final LedgerOutput output;
  private final ShareBook book;
  private final LetterWalk walk;
  private final ReplayLimits limits;
  private final LookUps lookUps = new LookUps();
  private long served;

  ShareWork(
      LedgerParts parts,
      LedgerRows rows,
      LetterChanges changes,
      LedgerOutput output,
      ShareBook book,
      LetterWalk walk,
      ReplayLimits limits) {
    this.parts = parts;
    this.rows = rows;
    this.changes = changes;
    this.output = output;
    this.book = book;
    this.walk = walk;
    this.limits = limits;
  }

  /** What became of one letter's turn. */
  private enum Turn {
    DONE,
    /** Its retry topic is being looked up, or its pipeline has had its replays of the hour. */
    LATER
  }

  /** Begins a step. */
  void begin(long now) {
    served = walk.served();
    lookUps.begin(now);
  }

  /**
   * Does some of a share's work.
   *
   * @return whether there is more to do now
   */
  boolean chunk(Held held, long now) {
    Share share = held.share();
    // The walk sees what is committed, and that must have got to the cut.
    if (share.walked() || served < share.cut() || parts.cancelled().contains(held.runId(), now)) {
      return false;
    }
    boolean more = share.counted() ? tryMore(held, now) : countMore(held, now);
    if (held.share().deferred().isEmpty()) {
      book.noneHeldUp(held);
    }
    book.save(held);
    if (held.share().walked()) {
      lookUps.ended(held.runId());
      LOGGER
          .atInfo()
          .addKeyValue("run_id", held.runId())
          .addKeyValue("replayed", held.share().sums().replayed())
          .addKeyValue("discarded", held.share().sums().discarded())
          .addKeyValue("skipped", held.share().sums().skipped())
          .log("a partition has worked through its share of a run");
    }
    return more;
  }

  private boolean countMore(Held held, long now) {
    return held.spec().dryRun() ? plan(held, now) : count(held);
  }

  private boolean tryMore(Held held, long now) {
    // The last of them may have used up what was allowed, and no more is allowed for none: with
    // letters behind them that came later, the walk would wait for ever.
    if (held.share().sums().left() <= 0) {
      book.update(held, held.share().walkedAll());
      return false;
    }
    return held.share().permitted(now) > 0 && retryDeferred(held, now) && advance(held, now);
  }

  private boolean count(Held held) {
    Page page = next(held, PAGE * 5);
    long matched = 0;
    long busy = 0;
    for (Letter letter : page.letters()) {
      if (letter.head().change() <= held.share().cut()) {
        boolean out = letter.head().state() instanceof Retrying;
        busy += out ? 1 : 0;
        matched += out ? 0 : 1;
      }
    }
    Share share = held.share().matched(matched).matchedButSkipped(Sums.IN_OTHER_RUN, busy);
    Place end = page.end();
    share = end == null ? share : share.at(end);
    book.update(held, page.more() ? share : share.countedAll(false));
    return true;
  }

  /** A dry run waits for each retry topic at the first letter that goes there. */
  private boolean plan(Held held, long now) {
    Page page = next(held, PAGE);
    Share share = held.share();
    for (Letter letter : page.letters()) {
      if (letter.head().change() > share.cut()) {
        continue;
      }
      if (letter.head().state() instanceof Retrying) {
        share = share.matchedButSkipped(Sums.IN_OTHER_RUN, 1);
      } else {
        DryRun.Look look =
            DryRun.look(
                parts.planner(), held.spec(), letter, lookUps.began(held.runId(), now), now);
        if (look.topic() != null && lookUps.awaitsTopic(look.topic(), now)) {
          book.update(held, share);
          return false;
        }
        share = share.planned(look.cell());
      }
      share = share.at(place(held, share.cursor(), letter));
    }
    Place end = page.end();
    share = end == null ? share : share.at(end);
    book.update(held, page.more() ? share : share.countedAll(true));
    return true;
  }

  /** False: they are in the way of the others. */
  private boolean retryDeferred(Held held, long now) {
    List<LetterId> deferred = held.share().deferred();
    if (deferred.isEmpty() || !lookUps.again(held.runId(), now)) {
      return deferred.size() < Share.MAX_DEFERRED;
    }
    List<LetterId> left = new ArrayList<>();
    for (LetterId id : deferred) {
      if (held.share().permitted(now) <= 0 || attempt(held, id, now) == Turn.LATER) {
        left.add(id);
      }
    }
    book.update(held, held.share().withDeferred(left));
    boolean waits = left.size() == deferred.size() && !held.heldUp().isEmpty();
    lookUps.asked(held.runId(), now, waits ? HELD_UP_MS : LOOK_UP_MS);
    return left.size() < Share.MAX_DEFERRED && held.share().permitted(now) > 0;
  }

  private boolean advance(Held held, long now) {
    long permitted = held.share().permitted(now);
    Places page = places(held, (int) Math.max(LEAST_PAGE, Math.min(PAGE, permitted)));
    for (Place place : page.letters()) {
      if (held.share().permitted(now) <= 0) {
        return false;
      }
      if (attempt(held, place.id(), now) == Turn.LATER) {
        if (held.share().deferred().size() >= Share.MAX_DEFERRED) {
          return false;
        }
        book.update(held, held.share().putOff(place.id()));
      }
      book.update(held, held.share().at(place));
    }
    Place end = page.end();
    if (end != null) {
      book.update(held, held.share().at(end));
    }
    if (!page.more() && held.share().deferred().isEmpty()) {
      book.update(held, held.share().walkedAll());
    }
    return page.more();
  }

  private Turn attempt(Held held, LetterId id, long now) {
    Stored stored = rows.letter(id);
    if (stored == null) {
      return Turn.DONE;
    }
    LetterHead head = stored.head();
    if (head.change() > held.share().cut()) {
      // It has changed since; whether it was in the set at all is known at the end.
      if (head.state() instanceof Retrying retrying && !retrying.runId().equals(held.runId())) {
        book.update(held, held.share().metOther());
      }
      return Turn.DONE;
    }
    if (head.state() instanceof Retrying) {
      return Turn.DONE;
    }
    if (held.spec().discards()) {
      discard(held, id, stored, now);
      return Turn.DONE;
    }
    return replay(held, id, stored, now);
  }

  private void discard(Held held, LetterId id, Stored stored, long now) {
    Step step = Transitions.discard(id, stored.head());
    changes.apply(id, stored, step, News.of(held.spec().command(), held.runId()), now);
    book.write(held, id, LetterOutcome.DISCARDED, 0, now);
    book.update(held, held.share().discarded());
  }

  private Turn replay(Held held, LetterId id, Stored stored, long now) {
    String pipelineId = stored.head().facts().pipelineId();
    boolean allowed = limits.allows(pipelineId, now);
    book.heldUp(held, pipelineId, allowed ? null : (Long) limits.until(pipelineId, now));
    if (!allowed) {
      return Turn.LATER;
    }
    Wish wish = new Wish(held.spec().command().meta(), held.spec().command().options().priority());
    long since = lookUps.began(held.runId(), now);
    Plan plan =
        parts.planner().plan(id, stored.head(), stored.detail(), wish, held.runId(), since, now);
    if (plan instanceof Plan.Later later) {
      return lookUps.awaitsTopic(later.topic(), now)
          ? Turn.LATER
          : refused(held, id, Refusal.Code.TARGET_UNKNOWN, now);
    }
    if (plan instanceof Plan.Fetch fetch) {
      return fetch(held, id, fetch, now);
    }
    if (plan instanceof Plan.Refuse refuse) {
      if (refuse.refusal().code() == Refusal.Code.SEND_FAILED) {
        notSent(held, id, stored, refuse.refusal().message(), now);
      }
      return refused(held, id, refuse.refusal().code(), now);
    }
    return send(held, id, stored, (Plan.Send) plan, now);
  }

  /** Its record is read from where it lies; the others go on meanwhile. */
  private Turn fetch(Held held, LetterId id, Plan.Fetch fetch, long now) {
    if (!lookUps.awaitsOriginal(id, now)) {
      lookUps.read(id);
      return refused(held, id, Refusal.Code.ORIGINAL_NOT_READ, now);
    }
    if (lookUps.asksForOriginal(id, now)) {
      parts.effects().fetch(id, fetch.original());
    }
    return Turn.LATER;
  }

  private Turn send(Held held, LetterId id, Stored stored, Plan.Send send, long now) {
    long until = now + parts.pipelines().settleTimeout(stored.head().facts().pipelineId());
    Step step = Transitions.replay(id, stored.head(), held.runId(), send.target(), now, until);
    News news = News.of(held.spec().command(), held.runId()).sending(send);
    changes.apply(id, stored, step, news, now);
    output.replay(send);
    lookUps.known(send.target());
    lookUps.read(id);
    book.write(held, id, LetterOutcome.OUTSTANDING, stored.head().attempt() + 1, now);
    book.update(held, held.share().sent());
    return Turn.DONE;
  }

  /** A send that failed before leaves its reason on the letter. */
  private void notSent(Held held, LetterId id, Stored stored, String why, long now) {
    Step step = Transitions.notSent(id, stored.head(), why, now);
    News news = News.of(held.spec().command(), held.runId()).because(why);
    changes.apply(id, stored, step, news, now);
  }

  private Turn refused(Held held, LetterId id, Refusal.Code code, long now) {
    String word = code.name().toLowerCase(Locale.ROOT);
    parts.figures().runLettersRefused.increment();
    book.refused(held, id, word, now);
    book.update(held, held.share().refused(word));
    return Turn.DONE;
  }

  private Page next(Held held, int atMost) {
    Place cursor = held.share().cursor();
    List<LetterId> picked = held.spec().picked();
    return picked == null
        ? walk.next(
            held.spec().command().target().filter(),
            held.spec().command().options().newestFirst(),
            cursor,
            atMost)
        : picked(picked, cursor, atMost);
  }

  private Places places(Held held, int atMost) {
    Place cursor = held.share().cursor();
    List<LetterId> picked = held.spec().picked();
    if (picked == null) {
      return walk.places(
          held.spec().command().target().filter(),
          held.spec().command().options().newestFirst(),
          cursor,
          atMost);
    }
    int from = cursor == null ? 0 : (int) cursor.order();
    int to = Math.min(picked.size(), from + atMost);
    List<Place> page = new ArrayList<>();
    for (int i = from; i < to; i++) {
      page.add(new Place(i + 1, picked.get(i)));
    }
    return new Places(page, to == 0 ? null : new Place(to, picked.get(to - 1)), to < picked.size());
  }

  private Page picked(List<LetterId> picked, @Nullable Place cursor, int atMost) {
    int from = cursor == null ? 0 : (int) cursor.order();
    int to = Math.min(picked.size(), from + atMost);
    List<Letter> page = new ArrayList<>();
    for (LetterId id : picked.subList(from, to)) {
      Stored stored = rows.letter(id);
      if (stored != null) {
        page.add(new Letter(id, stored.head(), stored.detail()));
      }
    }
    Place end = to == 0 ? null : new Place(to, picked.get(to - 1));
    return new Page(page, end, to < picked.size());
  }

  /** Where the walk stands once this letter had its turn. */
  private static Place place(Held held, @Nullable Place cursor, Letter letter) {
    List<LetterId> picked = held.spec().picked();
    if (picked == null) {
      return LetterWalk.place(letter);
    }
    int from = cursor == null ? 0 : (int) cursor.order();
    return new Place(
        from + picked.subList(from, picked.size()).indexOf(letter.id()) + 1, letter.id());
  }
}
