// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static dev.redrive.producers.Journey.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.testkit.Guide;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

@Timeout(120)
class SpringKafkaIT {
  private static final byte[] VALUE = {'{', -1, 0, '}'};

  @TempDir Path dir;

  @Test
  void aRecordThatFailsTwiceIsOneLetterAndGoneOnceItWorked() throws Exception {
    Guide guide = Guide.of("spring");
    guide.assertUsed("java", Path.of("src/test/java/dev/redrive/producers/SpringOrders.java"));
    try (LiveRedrive live = LiveRedrive.start(dir, guide.settings())) {
      Topics topics = new Topics(live.bootstrapServers());
      topics.create(1, "orders");
      topics.create(2, "orders-retry", "orders-errors");
      try (AnnotationConfigApplicationContext application = start(live.bootstrapServers())) {
        travel(new Journey(live.desk(), "orders"), topics, application);
      }
    }
  }

  private static void travel(
      Journey journey, Topics topics, AnnotationConfigApplicationContext application)
      throws Exception {
    SpringOrders.Listener listener = application.getBean(SpringOrders.Listener.class);
    OddRecord record = new OddRecord(VALUE, System.currentTimeMillis() - 60_000);
    topics.send(List.of(record.on("orders")));

    JsonNode letter = journey.listed();
    String id = letter.get("id").asText();
    assertThat(letter.get("dialect").asText()).isEqualTo("spring");
    assertThat(letter.get("record_id").asText()).isEqualTo("orders-0-0");
    assertThat(letter.get("root_cause").asText()).isEqualTo(IllegalStateException.class.getName());
    assertThat(letter.get("error_message").asText()).contains("out of stock");

    journey.reprocess(id);
    JsonNode again = journey.failedAgain(id, 2);
    assertThat(again.get("record_id")).isEqualTo(letter.get("record_id"));
    assertThat(again.get("source")).isEqualTo(letter.get("source"));
    assertThat(again.at("/dead_letter/offset")).isNotEqualTo(letter.at("/dead_letter/offset"));
    record.assertReplayed(last(listener), letter, 1);

    listener.restock();
    journey.reprocess(id);
    journey.ended(id);
    patiently().until(() -> listener.seen().size() == 2 * SpringOrders.TRIES + 1);
    record.assertReplayed(last(listener), letter, 2);
  }

  private static ConsumerRecord<byte[], byte[]> last(SpringOrders.Listener listener) {
    return listener.seen().get(listener.seen().size() - 1);
  }

  private static AnnotationConfigApplicationContext start(String bootstrapServers) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.getBeanFactory().registerSingleton("bootstrapServers", bootstrapServers);
    context.register(SpringOrders.class);
    context.refresh();
    return context;
  }
}
