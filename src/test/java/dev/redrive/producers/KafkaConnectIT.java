// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.producers;

import static dev.redrive.producers.Journey.patiently;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.testkit.Guide;
import dev.redrive.testkit.LiveRedrive;
import dev.redrive.testkit.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KafkaConnectIT {
  private static final String CONNECTOR = "invoices-sink";
  private static final String TOPIC = "invoices";
  private static final String RETRY = "invoices-retry";
  private static final String VALUE = "{not json";

  @TempDir Path dir;

  @Test
  void aRecordThatFailsTwiceIsOneLetterAndGoneOnceItWorked() throws Exception {
    try (LiveRedrive live = LiveRedrive.start(dir, Guide.of("connect").settings())) {
      Topics topics = new Topics(live.bootstrapServers());
      topics.create(1, TOPIC, RETRY);
      try (ConnectWorker connect =
          ConnectWorker.start(dir.resolve("connect"), live.bootstrapServers())) {
        connect.put(CONNECTOR, sink("org.apache.kafka.connect.json.JsonConverter"));
        travel(new Journey(live.desk(), CONNECTOR), topics, connect);
      }
    }
  }

  private void travel(Journey journey, Topics topics, ConnectWorker connect) throws Exception {
    OddRecord record = new OddRecord(VALUE.getBytes(UTF_8), System.currentTimeMillis() - 60_000);
    topics.send(List.of(record.on(TOPIC)));

    JsonNode letter = journey.listed();
    String id = letter.get("id").asText();
    assertThat(letter.get("dialect").asText()).isEqualTo("connect");
    assertThat(letter.get("record_id").asText()).isEqualTo("invoices-0-0");
    assertThat(letter.get("error_code").asText()).isEqualTo("VALUE_CONVERTER");
    assertThat(letter.get("error_class").asText()).endsWith(".DataException");

    journey.reprocess(id);
    JsonNode again = journey.failedAgain(id, 2);
    assertThat(again.get("record_id")).isEqualTo(letter.get("record_id"));
    assertThat(again.get("source")).isEqualTo(letter.get("source"));
    record.assertReplayed(replay(topics, 1), letter, 1);

    // The sink shall take any text from now on.
    connect.put(CONNECTOR, sink("org.apache.kafka.connect.storage.StringConverter"));
    journey.reprocess(id);
    patiently().until(() -> Files.exists(written()) && !Files.readString(written()).isEmpty());
    assertThat(Files.readAllLines(written())).containsExactly(VALUE);
    record.assertReplayed(replay(topics, 2), letter, 2);

    // A sink tells nobody that it wrote; who watches it does.
    topics.send(List.of(succeeded(id)));
    journey.ended(id);
  }

  private Path written() {
    return dir.resolve("invoices.txt");
  }

  private Map<String, String> sink(String valueConverter) throws Exception {
    Map<String, String> config = new HashMap<>();
    for (String block : Guide.of("connect").blocks("json")) {
      new ObjectMapper()
          .readTree("{" + block + "}")
          .properties()
          .forEach(set -> config.put(set.getKey(), set.getValue().asText()));
    }
    config.put("connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector");
    config.put("tasks.max", "1");
    config.put("file", written().toString());
    config.put("value.converter", valueConverter);
    config.put("errors.deadletterqueue.topic.replication.factor", "1");
    return config;
  }

  /** What the sink was given: Connect shows its tasks' input to nobody else. */
  private static ConsumerRecord<byte[], byte[]> replay(Topics topics, int attempt) {
    List<ConsumerRecord<byte[], byte[]>> replays = topics.read(RETRY);
    assertThat(replays).hasSize(attempt);
    return replays.stream()
        .filter(
            one -> OddRecord.text(one.headers(), "redrive-attempt").equals(String.valueOf(attempt)))
        .findFirst()
        .orElseThrow();
  }

  private static ProducerRecord<byte[], byte[]> succeeded(String letterId) {
    String outcome = "{\"letter_id\":\"%s\",\"attempt\":2,\"outcome\":\"succeeded\"}";
    return new ProducerRecord<>("redrive-outcomes", outcome.formatted(letterId).getBytes(UTF_8));
  }
}
