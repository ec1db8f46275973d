// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.letter.Letter;
import dev.redrive.store.CensusQuery;
import dev.redrive.store.CountQuery;
import dev.redrive.store.GroupQuery;
import dev.redrive.store.LetterPage;
import dev.redrive.store.LetterQuery;
import dev.redrive.store.PagePosition;
import dev.redrive.store.PageQuery;
import dev.redrive.store.RunLettersQuery;
import dev.redrive.store.RunQuery;
import dev.redrive.store.RunsQuery;
import dev.redrive.store.ScanQuery;
import dev.redrive.store.ServedChangeQuery;
import dev.redrive.store.StatisticsQuery;
import dev.redrive.store.TotalsQuery;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.query.Query;

/**
 * A kind of query that peers ask each other.
 *
 * @param name of the query on the wire; never given to another
 * @param type of the query
 * @param answer what it is answered with on the wire
 * @param standby whether a standby may answer where the active does not
 * @param bound makes an answer smaller that is too large for one message
 */
record PeerQuery(
    String name, Class<?> type, Type answer, boolean standby, UnaryOperator<Object> bound) {

  /** Payloads of a page, bytes; in base64 they are a third more. */
  private static final long MOST_PAYLOAD = 16L * 1024 * 1024;

  /** All of them: a new kind of query is one more line here. */
  static final List<PeerQuery> ALL =
      List.of(
          of("letter", LetterQuery.class),
          new PeerQuery(
              "page", PageQuery.class, LetterPage.class, true, p -> within((LetterPage) p)),
          of("totals", TotalsQuery.class),
          of("statistics", StatisticsQuery.class),
          of("count", CountQuery.class),
          of("census", CensusQuery.class),
          of("groups", GroupQuery.class),
          of("run", RunQuery.class),
          of("runs", RunsQuery.class),
          of("run_letters", RunLettersQuery.class),
          // The number that a standby serves says nothing about what readers see.
          ofActive("served_change", ServedChangeQuery.class, Long.class),
          // The answer stays where it is, and its letters are fetched by its name: see RemoteScan.
          ofActive("scan", ScanQuery.class, String.class));

  /** Empty where this kind of query is answered within the task that asks it alone. */
  static Optional<PeerQuery> of(Query<?> query) {
    return ALL.stream().filter(known -> known.type.isInstance(query)).findFirst();
  }

  static Optional<PeerQuery> named(String name) {
    return ALL.stream().filter(known -> known.name.equals(name)).findFirst();
  }

  /** Whether its answer is a scan, of which only the name travels. */
  boolean isScan() {
    return type == ScanQuery.class;
  }

  private static PeerQuery of(String name, Class<? extends Query<?>> type) {
    return new PeerQuery(name, type, answerOf(type), true, UnaryOperator.identity());
  }

  private static PeerQuery ofActive(String name, Class<? extends Query<?>> type, Type answer) {
    return new PeerQuery(name, type, answer, false, UnaryOperator.identity());
  }

  /** The {@code R} of its {@code Query<R>}. */
  private static Type answerOf(Class<?> type) {
    for (Type asked : type.getGenericInterfaces()) {
      if (asked instanceof ParameterizedType query && query.getRawType() == Query.class) {
        return query.getActualTypeArguments()[0];
      }
    }
    throw new IllegalArgumentException(type + " is no query");
  }

  /** A page may end anywhere, so where its letters are large it ends early. */
  private static LetterPage within(LetterPage page) {
    long bytes = 0;
    List<Letter> letters = page.letters();
    for (int i = 0; i < letters.size(); i++) {
      bytes += size(letters.get(i));
      if (bytes > MOST_PAYLOAD && i > 0) {
        return new LetterPage(letters.subList(0, i), PagePosition.of(letters.get(i - 1)));
      }
    }
    return page;
  }

  private static long size(Letter letter) {
    var raw = letter.detail().raw();
    long bytes = raw.value() == null ? 0 : raw.value().size();
    for (var header : raw.headers()) {
      bytes += header.value() == null ? 0 : header.value().size();
    }
    return bytes + (raw.key() == null ? 0 : raw.key().size());
  }
}
