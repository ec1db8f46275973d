// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.Landing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A stream thread's producer, which lives with a retry topic that takes nothing.
 *
 * <p>A send that fails ends the transaction, whatever else is in it. Streams would end the thread
 * for it, and the others would wait for its session to end; or, after a time-out, forget the store
 * and restore all of it. So where a replay is to blame, or a time-out, Streams is told that the
 * producer is fenced: it then drops the transaction and takes its partitions anew at once, and the
 * ledger, which reads the same command again, finds in {@link SendFailures} why not to send.
 */
final class TellingProducer extends KafkaProducer<byte[], byte[]> {
  /** A topic that was deleted is waited for without end; others wait for the transaction's. */
  private static final long PATIENCE_MS = 8_000;

  /** Kafka knows of an error a little before the record's callback does. */
  private static final long VERDICT_MS = 1_000;

  private final SendFailures failures;
  private final Landings landings;
  private final Object lock = new Object();

  // All below: of the present transaction, and only under the lock.
  private final Set<ProducerRecord<byte[], byte[]>> replays =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Landing> landed = new ArrayList<>();
  private boolean failed;
  private boolean dropped;
  private boolean closed;

  TellingProducer(Map<String, Object> config, SendFailures failures, Landings landings) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.failures = failures;
    this.landings = landings;
  }

  /** The first call on a stream thread that had another producer, whose transaction is dropped. */
  @Override
  public void initTransactions() {
    failures.dropped();
    super.initTransactions();
  }

  /** Late: Streams begins a transaction with its first send, when something may be refused. */
  @Override
  public void beginTransaction() {
    synchronized (lock) {
      replays.clear();
      landed.clear();
      failed = false;
      dropped = false;
    }
    super.beginTransaction();
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    if (SendFailures.isReplay(record)) {
      synchronized (lock) {
        replays.add(record);
      }
    }
    CompletableFuture<Boolean> done = watched();
    try {
      return super.send(
          record,
          (metadata, failure) -> {
            Exception told = ended(record, metadata, failure);
            if (callback != null) {
              callback.onCompletion(metadata, told);
            }
          });
    } catch (KafkaException e) {
      if (awaitDropped()) {
        throw new KafkaException("the transaction is dropped", fenced());
      }
      throw e;
    } finally {
      done.complete(true);
    }
  }

  @Override
  public void flush() {
    CompletableFuture<Boolean> done = watched();
    try {
      super.flush();
    } finally {
      done.complete(true);
    }
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
    if (isDropped()) {
      throw fenced();
    }
    super.sendOffsetsToTransaction(offsets, group);
  }

  @Override
  public void commitTransaction() {
    if (isDropped()) {
      throw fenced();
    }
    super.commitTransaction();
    synchronized (lock) {
      landed.forEach(landings::committed);
      landed.clear();
    }
    failures.committed();
  }

  @Override
  public void abortTransaction() {
    failures.dropped();
    synchronized (lock) {
      if (closed) {
        // The one that comes after this one aborts it when it begins.
        return;
      }
    }
    super.abortTransaction();
  }

  /** What Streams is told of a record that was sent or not. */
  private @Nullable Exception ended(
      ProducerRecord<byte[], byte[]> record,
      @Nullable RecordMetadata at,
      @Nullable Exception failure) {
    synchronized (lock) {
      boolean replay = replays.remove(record);
      if (failure == null) {
        if (replay) {
          landings.of(record, at).ifPresent(landed::add);
        }
        return null;
      }
      // The first failure ends the transaction; what fails after it fails because of that, and the
      // producer gives it the same error, so nobody can tell whether it would have been refused.
      if (!failed) {
        failed = true;
        boolean silence = failure instanceof TimeoutException;
        boolean refused = replay && !silence && isRefusal(failure);
        if (refused) {
          failures.refused(record, failure);
        } else if (replay && silence) {
          failures.unanswered(record, failure);
        }
        dropped = refused || silence;
        lock.notifyAll();
      }
      return dropped ? fenced() : failure;
    }
  }

  /** To be completed in time, else all that is under way is given up. */
  private CompletableFuture<Boolean> watched() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    synchronized (lock) {
      if (!replays.isEmpty()) {
        // Async only where it is late: with two processors an async stage costs a thread for each
        // send that is not.
        CompletableFuture<Boolean> unused =
            done.orTimeout(PATIENCE_MS, TimeUnit.MILLISECONDS)
                .whenComplete((sent, late) -> giveUpIf(late != null));
      }
    }
    return done;
  }

  private void giveUpIf(boolean late) {
    if (late) {
      CompletableFuture<Boolean> unused = CompletableFuture.supplyAsync(this::giveUp);
    }
  }

  /** Ends what would not end by itself. */
  private boolean giveUp() {
    synchronized (lock) {
      if (replays.isEmpty()) {
        return false;
      }
      failed = true;
      dropped = true;
      closed = true;
      TimeoutException silence =
          new TimeoutException("no broker took it within " + PATIENCE_MS / 1_000 + " s");
      replays.forEach(record -> failures.unanswered(record, silence));
      replays.clear();
    }
    close(Duration.ZERO);
    return true;
  }

  private boolean isDropped() {
    synchronized (lock) {
      return dropped;
    }
  }

  private boolean awaitDropped() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(VERDICT_MS);
    synchronized (lock) {
      while (!failed) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        try {
          lock.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return dropped;
    }
  }

  /** Whether the topic or its broker says no, rather than this producer's transaction. */
  private static boolean isRefusal(Exception failure) {
    return failure instanceof ApiException
        && !(failure instanceof ProducerFencedException)
        && !(failure instanceof InvalidProducerEpochException)
        && !(failure instanceof InvalidPidMappingException)
        && !(failure instanceof InvalidTxnStateException)
        && !(failure instanceof OutOfOrderSequenceException)
        && !(failure instanceof TransactionAbortedException);
  }

  private static ProducerFencedException fenced() {
    return new ProducerFencedException("a record could not be sent, so its transaction is dropped");
  }
}
