// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.query.PartitionAnswer.Missing;
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

/**
 * The partitions whose active task runs in this process. Standbys are not asked: they lag, and an
 * answer must not be older than a change that its reader was told of.
 */
public final class LocalPartitions implements Partitions {
  private final KafkaStreams streams;
  private final String store;
  private final int count;

  /**
   * @param store name of the letter store
   */
  public LocalPartitions(KafkaStreams streams, String store, int count) {
    this.streams = streams;
    this.store = store;
    this.count = count;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public <R> Map<Integer, PartitionAnswer<R>> ask(Query<R> query, Set<Integer> partitions) {
    StateQueryRequest<R> request =
        StateQueryRequest.inStore(store)
            .withQuery(query)
            .withPartitions(partitions)
            .requireActive();
    Map<Integer, PartitionAnswer<R>> answers = new HashMap<>();
    try {
      StateQueryResult<R> result = streams.query(request);
      result.getPartitionResults().forEach((p, answer) -> answers.put(p, answerOf(query, answer)));
    } catch (StreamsNotStartedException e) {
      partitions.forEach(p -> answers.put(p, new Missing<>("this instance is starting")));
    } catch (StreamsStoppedException e) {
      partitions.forEach(p -> answers.put(p, new Missing<>("this instance is stopping")));
    }
    return answers;
  }

  /** "Not ready" is passing; a query that the store can't answer at all is a bug and says so. */
  private static <R> PartitionAnswer<R> answerOf(Query<R> query, QueryResult<R> result) {
    if (result.isSuccess()) {
      return new Served<>(result.getResult());
    }
    return switch (result.getFailureReason()) {
      case NOT_ACTIVE -> new Missing<>("being restored or moved");
      case NOT_PRESENT -> new Missing<>("not on this instance");
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
