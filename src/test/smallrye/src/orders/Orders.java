// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package orders;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigProviderResolver;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;

/**
 * A SmallRye application as its documentation has it, with a channel for each way to give up. A
 * channel takes nothing until a file of its name is there; it says on the output what it is given,
 * and tells the outcome when a replayed record was taken. The channel {@code orders} is that of our
 * guide: its settings come from there, and its code is the guide's.
 */
public final class Orders {
  private Orders() {}

  /**
   * Of the arguments the first is the broker, the second the directory of the files, in which {@code
   * guide.properties} has the guide's settings.
   */
  public static void main(String[] arguments) throws Exception {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(settings(arguments[0], arguments[1]), "ours", 300))
            .addDefaultInterceptors()
            .build();
    SmallRyeConfigProviderResolver.instance()
        .registerConfig(config, Thread.currentThread().getContextClassLoader());
    try (WeldContainer container = new Weld().initialize()) {
      System.out.println("ready");
      while (System.in.read() >= 0) {
        // It ends with whoever started it.
      }
    }
    System.exit(0);
  }

  private static Map<String, String> settings(String brokers, String directory)
      throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", brokers);
    settings.put("orders.directory", directory);
    String bytes = "org.apache.kafka.common.serialization.ByteArrayDeserializer";
    for (String channel : new String[] {"orders", "carts", "prices"}) {
      String prefix = "mp.messaging.incoming." + channel + ".";
      settings.put(prefix + "connector", "smallrye-kafka");
      settings.put(prefix + "group.id", channel + "-application");
      settings.put(prefix + "auto.offset.reset", "earliest");
      settings.put(prefix + "key.deserializer", bytes);
      settings.put(prefix + "value.deserializer", bytes);
    }
    for (String channel : new String[] {"carts", "prices"}) {
      String prefix = "mp.messaging.incoming." + channel + ".";
      settings.put(prefix + "topics", channel + "," + channel + "-retry");
      settings.put(prefix + "isolation.level", "read_committed");
      settings.put(prefix + "failure-strategy", "dead-letter-queue");
      settings.put(prefix + "dead-letter-queue.topic", channel + "-dead");
    }
    settings.put("mp.messaging.outgoing.outcomes.connector", "smallrye-kafka");
    settings.put("mp.messaging.outgoing.outcomes.key.serializer", ByteArraySerializer.class.getName());
    settings.put("mp.messaging.outgoing.outcomes.value.serializer", ByteArraySerializer.class.getName());
    settings.put("mp.messaging.incoming.carts.failure-strategy", "delayed-retry-topic");
    settings.put("mp.messaging.incoming.carts.delayed-retry-topic.topics", "carts_wait_50,carts_wait_100");
    settings.put("mp.messaging.incoming.carts.delayed-retry-topic.max-retries", "2");
    settings.put(
        "mp.messaging.incoming.prices.value.deserializer",
        "org.apache.kafka.common.serialization.LongDeserializer");
    settings.put("mp.messaging.incoming.prices.fail-on-deserialization-failure", "false");
    Properties ofTheGuide = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(directory, "guide.properties"))) {
      ofTheGuide.load(file);
    }
    ofTheGuide.forEach((name, value) -> settings.put((String) name, (String) value));
    return settings;
  }

  @ApplicationScoped
  public static class Application {
    @Inject Config config;

    @Inject @Channel("outcomes") Emitter<byte[]> outcomes;

    @Incoming("orders")
    void take(ConsumerRecord<byte[], byte[]> order) {
      work(order);
      if (order.headers().lastHeader("redrive-letter-id") == null) {
        return;
      }
      RecordHeaders told = new RecordHeaders();
      for (Header header : order.headers()) {
        if (header.key().startsWith("redrive-")) {
          told.add(header);
        }
      }
      told.add("redrive-outcome", "succeeded".getBytes(UTF_8));
      outcomes.send(
          Message.of(new byte[0])
              .addMetadata(OutgoingKafkaRecordMetadata.builder().withHeaders(told).build()));
    }

    private void work(ConsumerRecord<byte[], byte[]> order) {
      System.out.println("given orders " + order.topic());
      if (!open("orders")) {
        throw outOfStock();
      }
    }

    @Incoming("carts")
    CompletionStage<Void> cart(Message<byte[]> cart) {
      return take("carts", cart);
    }

    @Incoming("prices")
    CompletionStage<Void> price(Message<Long> price) {
      return take("prices", price);
    }

    private CompletionStage<Void> take(String channel, Message<?> message) {
      IncomingKafkaRecordMetadata<?, ?> given =
          message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
      System.out.println("given " + channel + " " + given.getTopic() + " " + message.getPayload());
      if (!open(channel)) {
        return message.nack(outOfStock());
      }
      if (given.getHeaders().lastHeader("redrive-letter-id") != null) {
        succeeded(given);
      }
      return message.ack();
    }

    private boolean open(String channel) {
      return Files.exists(Path.of(config.getValue("orders.directory", String.class), channel));
    }

    private static IllegalStateException outOfStock() {
      return new IllegalStateException("out of stock", new IllegalArgumentException("none left"));
    }

    private void succeeded(IncomingKafkaRecordMetadata<?, ?> given) {
      RecordHeaders headers = new RecordHeaders();
      for (Header header : given.getHeaders()) {
        if (header.key().startsWith("redrive-")) {
          headers.add(header);
        }
      }
      headers.add("redrive-outcome", "succeeded".getBytes(UTF_8));
      Map<String, Object> client =
          Map.of("bootstrap.servers", config.getValue("kafka.bootstrap.servers", String.class));
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
        producer.send(new ProducerRecord<>("redrive-outcomes", null, null, null, null, headers));
      }
    }
  }
}
