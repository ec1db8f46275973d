// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shop with three pipelines that consume their topics, fail on some records for real, write those
 * to the error topic, and take them back from the retry topic.
 *
 * <table>
 * <caption>What fails, in the order of the input topics</caption>
 * <tr><th>pipeline</th><th>record</th><th>error code</th><th>sent again</th></tr>
 * <tr><td>orders</td><td>evt-1003, evt-1007</td><td>bad_json</td><td>fails again</td></tr>
 * <tr><td>orders</td><td>evt-1005, evt-1009</td><td>duplicate_key</td><td>fails again</td></tr>
 * <tr><td>payments</td><td>pay-2002, -2003, -2006</td><td>gateway_timeout</td>
 *     <td>succeeds after a few seconds</td></tr>
 * <tr><td>payments</td><td>pay-2005</td><td>amount_mismatch (verification)</td>
 *     <td>fails again</td></tr>
 * <tr><td>webhooks</td><td>msg-3002, msg-3004</td><td>http_500</td><td>fails again</td></tr>
 * <tr><td>webhooks</td><td>msg-3003</td><td>http_503</td>
 *     <td>succeeds after a few seconds</td></tr>
 * </table>
 *
 * <p>These eleven come once, then only good records follow, one of each kind every five seconds:
 * who looks for the first time should see counts change by what he does. He makes more failures by
 * writing anything to the topic {@code sample-orders}.
 *
 * <p>Waits for Redrive's topics, which it does not create: their shape is Redrive's business.
 */
public final class SamplePipeline implements AutoCloseable {
  /** A record whose replay succeeds, for showing one. */
  public static final String PASSING_PIPELINE = PaymentWork.PIPELINE;

  /** See {@link #PASSING_PIPELINE}. */
  public static final String PASSING_RECORD = "pay-2002";

  private static final Logger LOGGER = LoggerFactory.getLogger(SamplePipeline.class);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(2);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);
  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final SampleTopics topics;
  private final CountDownLatch topicsExist = new CountDownLatch(1);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final LocalServices services;
  private final Producer<byte[], byte[]> producer;
  private final Admin admin;
  private final List<SampleWorker> workers;
  private final List<Thread> threads = new ArrayList<>();

  private SamplePipeline(
      Map<String, String> clientSettings, SampleTopics topics, LocalServices services) {
    this.topics = topics;
    this.services = services;
    producer =
        new KafkaProducer<>(
            withPatience(clientSettings), new ByteArraySerializer(), new ByteArraySerializer());
    admin = Admin.create(withPatience(clientSettings));
    String run = "run-" + RUN_TIME.format(Instant.now());
    workers =
        Stream.of(new OrderWork(), new PaymentWork(services), new WebhookWork(services))
            .map(work -> new SampleWorker(work, topics, clientSettings, producer, run, stop))
            .toList();
    threads.add(LocalServices.daemon(this::feed, "sample-feed"));
    for (SampleWorker worker : workers) {
      threads.add(LocalServices.daemon(() -> work(worker), "sample-" + worker.pipelineId()));
    }
  }

  /**
   * Returns at once; the work is done in daemon threads.
   *
   * @param clientSettings of any Kafka client, {@code bootstrap.servers} at least
   * @throws KafkaException if a setting is wrong; that no broker answers is no reason to give up
   */
  public static SamplePipeline start(Map<String, String> clientSettings, SampleTopics topics) {
    LocalServices services = LocalServices.start();
    try {
      SamplePipeline sample = new SamplePipeline(Map.copyOf(clientSettings), topics, services);
      sample.threads.forEach(Thread::start);
      return sample;
    } catch (KafkaException e) {
      services.close();
      throw e;
    }
  }

  /** Returns within a few seconds, also when the broker is gone. */
  @Override
  public void close() {
    stop.countDown();
    topicsExist.countDown();
    try {
      for (Thread thread : threads) {
        thread.join(CLOSE_WAIT.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    admin.close(CLOSE_WAIT);
    producer.close(CLOSE_WAIT);
    services.close();
  }

  private void work(SampleWorker worker) {
    try {
      topicsExist.await();
      worker.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The broker may go away and come back; the story goes on where it was. */
  private void feed() {
    SampleFeed feed = new SampleFeed(admin, producer);
    try {
      do {
        try {
          new TopicWait(admin).await(topics.all(), SampleFeed.inputTopics(), stop);
          topicsExist.countDown();
          awaitWorkers();
          feed.run(stop);
        } catch (ExecutionException | KafkaException e) {
          LOGGER.atWarn().setCause(e).log("The sample pipeline cannot reach Kafka; it tries again");
        }
      } while (!stop.await(RETRY_DELAY.toMillis(), MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Some failures pass with time: they must be met before that. */
  private void awaitWorkers() throws InterruptedException {
    for (SampleWorker worker : workers) {
      while (!worker.ready().await(100, MILLISECONDS) && stop.getCount() > 0) {
        LOGGER
            .atDebug()
            .addKeyValue("pipeline_id", worker.pipelineId())
            .log("Waiting for a consumer");
      }
    }
  }

  private static Map<String, Object> withPatience(Map<String, String> clientSettings) {
    Map<String, Object> settings = new HashMap<>(clientSettings);
    settings.put("client.id", "sample");
    settings.put("request.timeout.ms", 5_000);
    settings.put("default.api.timeout.ms", 10_000);
    settings.put("delivery.timeout.ms", 10_000);
    settings.put("max.block.ms", 10_000);
    return settings;
  }
}
