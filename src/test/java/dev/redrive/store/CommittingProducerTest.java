// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import static dev.redrive.store.Letters.MONDAY;
import static dev.redrive.store.Letters.letter;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommittingProducerTest {
  @TempDir Path stateDir;
  private StoreKit kit;

  @BeforeEach
  void open() {
    kit = new StoreKit(stateDir);
  }

  @AfterEach
  void close() {
    kit.close();
  }

  @Test
  void aTransactionWithoutOffsetsGetsOneThatMeansNothing() {
    kit.put(letter("orders", "1", MONDAY));

    kit.producer.sendOffsetsToTransaction(Map.of(), kit.group());
    kit.producer.commitTransaction();

    assertThat(kit.kafka.consumerGroupOffsetsHistory())
        .singleElement()
        .satisfies(
            offsets ->
                assertThat(offsets.values())
                    .containsExactly(Map.of(StoreKit.CHANGELOG, new OffsetAndMetadata(1))));
  }

  @Test
  void anEmptyTransactionGetsNone() {
    kit.producer.beginTransaction();
    kit.producer.sendOffsetsToTransaction(Map.of(), kit.group());
    kit.producer.commitTransaction();

    assertThat(kit.kafka.consumerGroupOffsetsHistory()).isEmpty();
  }

  @Test
  void offsetsOfTheTasksOwnPartitionBecomeThePosition() {
    kit.put(letter("orders", "1", MONDAY));
    kit.producer.sendOffsetsToTransaction(
        Map.of(
            StoreKit.INPUT,
            new OffsetAndMetadata(8),
            new TopicPartition("redrive-ledger", 1),
            new OffsetAndMetadata(99)),
        kit.group());
    assertThat(kit.store.getPosition().isEmpty()).isTrue();

    kit.producer.commitTransaction();

    assertThat(kit.store.getPosition().getPartitionPositions("redrive-ledger"))
        .isEqualTo(Map.of(3, 7L));
  }

  @Test
  void onlyAStreamThreadMayWrite() {
    Bytes key = Bytes.wrap(new byte[] {'x'});

    assertThat(CompletableFuture.runAsync(() -> kit.store.put(key, new byte[1])))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withMessageContaining("has no transaction");
  }
}
