// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.store.StoreFigures;
import dev.redrive.topology.RedriveTopology;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream thread that fails, or loses its producer, while the process lives on. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FailedThreadIT {
  /** So many that a second fence still finds some outstanding. */
  private static final int LETTERS = Math.max(Installation.LETTERS, 5_000);

  private static final Duration FENCE_EVERY = Duration.ofMillis(300);
  private static final Duration WORK = Duration.ofMinutes(3);

  @TempDir static Path dir;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void aProcessorThatThrowsTakesItsTransactionBack() throws Exception {
    Installation here = installation("throwing");
    Thrower thrower = new Thrower(here.topic("retry"), LETTERS / 4);
    ReplayOfAll replay = new ReplayOfAll(here, LETTERS);
    try (Redrive redrive = start(here, thrower);
        Traffic traffic = new Traffic(here)) {
      takeIn(redrive, traffic);
      traffic.replay(0, LETTERS);
      await().atMost(WORK).until(() -> thrower.sent.get() >= LETTERS / 4);
      assertThat(replay.outstanding()).isPositive();
      replay.awaitAnswers(WORK);
      assertThat(thrower.thrown).as("processors that threw").hasValue(1);
      assertNothingWasRestored(redrive);
    }
    assertAllAgrees(replay);
  }

  @Test
  void aFencedProducerTakesItsTransactionBack() throws Exception {
    Installation here = installation("fenced");
    FencedCount fenced = new FencedCount();
    ReplayOfAll replay = new ReplayOfAll(here, LETTERS);
    try (Redrive redrive = start(here, fenced);
        Traffic traffic = new Traffic(here)) {
      takeIn(redrive, traffic);
      traffic.replay(0, LETTERS);
      replay.awaitReplays(LETTERS / 4, WORK);
      // A commit that is under way just then fails in other ways, so it may take another fence.
      await()
          .atMost(WORK)
          .pollInterval(FENCE_EVERY)
          .until(
              () -> {
                assertThat(replay.outstanding()).isPositive();
                fenceProducers(here);
                return fenced.calls.get() > 0;
              });
      replay.awaitAnswers(WORK);
      // A commit that the fence has met may have been done, and nobody told the store.
      assertAtMostATailWasRestored(redrive);
    }
    assertAllAgrees(replay);
  }

  private static Redrive start(Installation here, TappedClients.Tap tap) throws Exception {
    return Redrive.start(
        SettingsLoader.of(here.settings()),
        Clock.systemUTC(),
        clients -> new TappedClients(clients, tap),
        RedriveTopology::get);
  }

  private static void takeIn(Redrive redrive, Traffic traffic) {
    traffic.fail(0, LETTERS);
    await()
        .atMost(WORK)
        .untilAsserted(
            () ->
                assertThat(redrive.stores().stream().mapToLong(StoreFigures::letters).sum())
                    .isEqualTo(LETTERS));
  }

  /** What somebody does who takes the producers' names for their own. */
  private static void fenceProducers(Installation here) throws Exception {
    try (Admin admin = Admin.create(here.clients())) {
      List<String> ids =
          admin.listTransactions().all().get().stream()
              .map(TransactionListing::transactionalId)
              .filter(id -> id.startsWith(here.name() + "-"))
              .toList();
      assertThat(ids).isNotEmpty();
      admin.fenceProducers(ids).all().get();
    }
  }

  /** The databases outlive the tasks, and hold all that was committed. */
  private static void assertNothingWasRestored(Redrive redrive) {
    assertThat(redrive.stores()).hasSize(Installation.PARTITIONS);
    assertThat(redrive.stores()).extracting(StoreFigures::restored).containsOnly(0L);
  }

  /** How much a transaction holds depends on the machine; everything would be two rows a letter. */
  private static void assertAtMostATailWasRestored(Redrive redrive) {
    assertThat(redrive.stores().stream().mapToLong(StoreFigures::restored).sum())
        .isLessThan(LETTERS);
  }

  private static void assertAllAgrees(ReplayOfAll replay) {
    replay.assertEachWasReplayedOnce();
    replay.assertEachWasCountedOnce(LeftOnDisk.checked(replay.installation()).letters());
  }

  private static Installation installation(String name) {
    return new Installation(broker.bootstrapServers(), name, dir.resolve(name));
  }

  /** Throws once, in the middle of the processing of a command, when its letter is written. */
  private static final class Thrower implements TappedClients.Tap {
    final AtomicInteger sent = new AtomicInteger();
    final AtomicInteger thrown = new AtomicInteger();
    private final String retryTopic;
    private final int at;

    Thrower(String retryTopic, int at) {
      this.retryTopic = retryTopic;
      this.at = at;
    }

    @Override
    public void sending(ProducerRecord<?, ?> record) {
      if (record.topic().equals(retryTopic) && sent.incrementAndGet() == at) {
        thrown.incrementAndGet();
        throw new IllegalStateException("told to fail");
      }
    }
  }

  private static final class FencedCount implements TappedClients.Tap {
    final AtomicInteger calls = new AtomicInteger();

    @Override
    public void failed(Throwable failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof ProducerFencedException
            || cause instanceof InvalidProducerEpochException) {
          calls.incrementAndGet();
          return;
        }
      }
    }
  }
}
