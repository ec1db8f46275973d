// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.repartition;

import dev.redrive.config.Settings;
import dev.redrive.topology.topics.Topics;
import dev.redrive.topology.topics.WrongTopicsException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;

/**
 * Makes a Redrive with more ledger partitions of one that is stopped, under another application id
 * with ledger, control and changelog topics of its own. The old one is only read, so until the new
 * one was started there is a way back. Who is interrupted deletes the new changelog and does it
 * again.
 */
public final class Repartitioning {
  private final Ledger from;
  private final Ledger to;

  /**
   * @param from of the Redrive that is stopped
   * @param to the same with another application id, other internal topics, and more partitions
   */
  public Repartitioning(Admin admin, Settings from, Settings to) {
    this.from = new Ledger(admin, from);
    this.to = new Ledger(admin, to);
  }

  /** How many letters were moved, and into how many partitions. */
  public record Moved(int letters, int partitions) {}

  /** Why it can't be done, all reasons at once. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(List<String> reasons) {
      super(String.join(System.lineSeparator(), reasons));
    }
  }

  /**
   * Does it.
   *
   * @throws RefusedException saying why not; nothing was written then
   * @throws WrongTopicsException where the new topics can't be made
   * @throws KafkaException where the cluster does not answer
   */
  public Moved run() throws RefusedException, WrongTopicsException {
    refuse(settings());
    refuse(state());
    Topics.prepare(to.admin(), to.settings());
    List<String> filled = new ArrayList<>();
    to.rows(row -> filled.add(to.changelog()));
    if (!filled.isEmpty()) {
      refuse(List.of(to.changelog() + " is not empty: delete it, or take another application-id"));
    }
    NewRows rows = copy();
    to.readFrom(from.sources());
    return new Moved(rows.letters(), to.partitions());
  }

  private NewRows copy() {
    NewRows rows = new NewRows(to.partitions());
    AtomicReference<KafkaException> failed = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = to.producer()) {
      from.rows(row -> send(producer, rows.of(row.key(), row.value()), failed));
      send(producer, rows.rest(), failed);
      producer.flush();
    }
    KafkaException failure = failed.get();
    if (failure != null) {
      throw failure;
    }
    return rows;
  }

  private void send(
      KafkaProducer<byte[], byte[]> producer,
      List<NewRows.Row> rows,
      AtomicReference<KafkaException> failed) {
    for (NewRows.Row row : rows) {
      Bytes value = row.value();
      var unused =
          producer.send(
              new ProducerRecord<>(
                  to.changelog(),
                  row.partition(),
                  row.key().get(),
                  value == null ? null : value.get()),
              (at, error) -> {
                if (error != null) {
                  failed.compareAndSet(null, new KafkaException("a row was not written", error));
                }
              });
    }
  }

  private List<String> settings() {
    Settings before = from.settings();
    Settings after = to.settings();
    List<String> reasons = new ArrayList<>();
    if (after.topics().partitions() <= before.topics().partitions()) {
      reasons.add("topics.partitions: must become more than " + before.topics().partitions());
    }
    differ(reasons, "application-id", before.applicationId(), after.applicationId());
    differ(reasons, "topics.ledger", before.topics().ledger(), after.topics().ledger());
    differ(reasons, "topics.control", before.topics().control(), after.topics().control());
    return reasons;
  }

  private static void differ(List<String> reasons, String setting, String before, String after) {
    if (before.equals(after)) {
      reasons.add(setting + ": must be another one than " + before + ", which is kept as it is");
    }
  }

  private List<String> state() {
    List<String> reasons = new ArrayList<>();
    for (Ledger ledger : List.of(from, to)) {
      if (ledger.runs()) {
        reasons.add("instances of " + ledger.settings().applicationId() + " run; stop all of them");
      }
    }
    if (!reasons.isEmpty()) {
      return reasons;
    }
    int waiting = from.waiting();
    if (waiting > 0) {
      reasons.add(waiting + " entries were not worked off; start it, wait a minute, stop it");
    }
    Unfinished unfinished = new Unfinished();
    from.rows(row -> unfinished.row(row.key(), row.value()));
    reasons.addAll(unfinished.reasons());
    return reasons;
  }

  private static void refuse(List<String> reasons) throws RefusedException {
    if (!reasons.isEmpty()) {
      throw new RefusedException(reasons);
    }
  }
}
