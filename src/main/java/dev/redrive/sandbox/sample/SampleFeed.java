// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.LongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes the story to the input topics, then one good record of each kind now and then. How far the
 * story is follows from the topics' ends, so it is told once over any number of starts.
 */
final class SampleFeed {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Admin admin;
  private final Producer<byte[], byte[]> producer;

  /** A topic's records by number, of which the first are the story. */
  private record Chapter(
      String topic, int story, LongFunction<ProducerRecord<byte[], byte[]>> at) {}

  private static final List<Chapter> CHAPTERS =
      List.of(
          new Chapter(OrderWork.TOPIC, SampleStory.ORDERS, SampleStory::placed),
          new Chapter(
              PaymentWork.TOPIC,
              SampleStory.PAYMENTS,
              n -> SampleStory.payment(n, System.currentTimeMillis())),
          new Chapter(
              WebhookWork.TOPIC,
              SampleStory.WEBHOOKS,
              n -> SampleStory.webhook(n, System.currentTimeMillis())));

  SampleFeed(Admin admin, Producer<byte[], byte[]> producer) {
    this.admin = admin;
    this.producer = producer;
  }

  static List<String> inputTopics() {
    return CHAPTERS.stream().map(Chapter::topic).toList();
  }

  /** Returns when told to stop. */
  void run(CountDownLatch stop) throws InterruptedException, ExecutionException {
    for (Chapter chapter : CHAPTERS) {
      for (long n = end(chapter.topic()); n < chapter.story() && stop.getCount() > 0; n++) {
        producer.send(chapter.at().apply(n)).get();
      }
    }
    while (!stop.await(PAUSE.toMillis(), MILLISECONDS)) {
      for (Chapter chapter : CHAPTERS) {
        producer.send(chapter.at().apply(end(chapter.topic()))).get();
      }
    }
  }

  private long end(String topic) throws InterruptedException, ExecutionException {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()))
        .partitionResult(partition)
        .get()
        .offset();
  }
}
