// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.OfStandby;
import dev.redrive.query.PartitionAnswer.Served;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.errors.StreamsStoppedException;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.query.StateQueryResult;
import org.jspecify.annotations.Nullable;

/** The partitions of this process: those whose active task it runs, or what is here of any. */
public final class LocalPartitions implements Partitions {

  /** What is known of the copies of partitions that are here. */
  @FunctionalInterface
  public interface Copies {
    /** How far a partition is behind, as {@link OfStandby} says it. */
    long behind(int partition);

    /** Whether a copy has had all that there was. One that never had lacks not only the newest. */
    default boolean whole(int partition) {
      return true;
    }
  }

  /** Why there is no answer where it is for another instance to give it. */
  public static final String ELSEWHERE = "not on this instance";

  private final KafkaStreams streams;
  private final String store;
  private final int count;

  /** Null: actives only. */
  private final @Nullable Copies copies;

  private LocalPartitions(KafkaStreams streams, String store, int count, @Nullable Copies copies) {
    this.streams = streams;
    this.store = store;
    this.count = count;
    this.copies = copies;
  }

  /**
   * Those whose active task runs here and is not being restored.
   *
   * @param store name of the letter store
   */
  public static LocalPartitions actives(KafkaStreams streams, String store, int count) {
    return new LocalPartitions(streams, store, count, null);
  }

  /**
   * Whatever is here, answering as a standby, since it may lag. A copy that is still being made
   * does not answer: it would pass over letters that are there, and not only the newest.
   */
  public static LocalPartitions standbys(
      KafkaStreams streams, String store, int count, Copies copies) {
    return new LocalPartitions(streams, store, count, copies);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
    StateQueryRequest<R> any =
        StateQueryRequest.inStore(store).withQuery(query).withPartitions(partitions);
    Map<Integer, PartitionAnswer<R>> answers = new HashMap<>();
    try {
      StateQueryResult<R> result = streams.query(copies == null ? any.requireActive() : any);
      result
          .getPartitionResults()
          .forEach((p, answer) -> answers.put(p, answerOf(query, p, answer)));
    } catch (StreamsNotStartedException e) {
      partitions.forEach(p -> answers.put(p, new Missing<>("this instance is starting")));
    } catch (StreamsStoppedException e) {
      partitions.forEach(p -> answers.put(p, new Missing<>("this instance is stopping")));
    }
    return answers;
  }

  /** "Not ready" is passing; a query that the store can't answer at all is a bug and says so. */
  private <R> PartitionAnswer<R> answerOf(Query<R> query, int partition, QueryResult<R> result) {
    if (result.isSuccess()) {
      R value = result.getResult();
      if (copies == null) {
        return new Served<>(value);
      }
      return copies.whole(partition)
          ? new OfStandby<>(value, copies.behind(partition))
          : new Missing<>("its copy here is still being made");
    }
    return switch (result.getFailureReason()) {
      case NOT_ACTIVE -> new Missing<>("being restored or moved");
      case NOT_PRESENT -> new Missing<>(ELSEWHERE);
      case NOT_UP_TO_BOUND -> new Missing<>("behind");
      case STORE_EXCEPTION -> new Missing<>("its store did not answer");
      case UNKNOWN_QUERY_TYPE, DOES_NOT_EXIST ->
          throw new IllegalStateException(
              "the letter store can't answer "
                  + query.getClass().getSimpleName()
                  + ": "
                  + result.getFailureMessage());
    };
  }
}
