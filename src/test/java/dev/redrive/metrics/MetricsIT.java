// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.letter.LetterId;
import dev.redrive.testkit.LiveRedrive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A scrape of a Redrive that has more pipelines than anybody wants series of. */
@Timeout(900)
class MetricsIT {
  private static final int PIPELINES = 10_000;
  private static final Duration SOON = Duration.ofMinutes(5);
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_]+)` \\| ((?:`[a-z]+`(?:, )?)*) ?\\| .+ \\|$");

  @TempDir static Path dir;
  private static LiveRedrive live;

  @BeforeAll
  static void start() throws Exception {
    live = LiveRedrive.start(dir, Map.of("pipelines[0].id", "declared", "http.wait", "60s"));
    fail(PIPELINES);
    await().atMost(SOON).until(() -> Scrape.of(port()).sum("redrive_letters") == PIPELINES);
    live.desk().reprocess(LetterId.of("pipeline-1", "record-1").toString());
  }

  @AfterAll
  static void stop() {
    live.close();
  }

  @Test
  void theTableNamesWhatAScrapeHas() throws Exception {
    Scrape scrape = Scrape.of(port());

    assertThat(scrape.names()).isEqualTo(new TreeSet<>(documented().keySet()));
  }

  @Test
  void theTableNamesTheLabels() throws Exception {
    Scrape scrape = Scrape.of(port());

    documented()
        .forEach(
            (metric, labels) -> assertThat(scrape.labels(metric)).as(metric).isEqualTo(labels));
  }

  @Test
  void promtoolAcceptsTheWholeScrape() throws Exception {
    Promtool.check(Scrape.of(port()).text(), "check", "metrics");
  }

  @Test
  void seriesStayBoundedUnderManyPipelinesAndOddRequests() throws Exception {
    int before = Scrape.of(port()).samples().size();
    for (int i = 0; i < 50; i++) {
      live.desk().get("/api/dlq/dlq_" + i);
      live.desk().get("/odd/" + i);
    }
    Scrape scrape = Scrape.of(port());

    assertThat(scrape.sum("redrive_letters")).isEqualTo(PIPELINES);
    Set<String> pipelines =
        scrape.samples("redrive_letters").stream()
            .map(sample -> sample.labels().get("pipeline"))
            .collect(Collectors.toSet());
    assertThat(pipelines).hasSize(101).contains("declared", "other");
    assertThat(scrape.samples()).hasSizeLessThan(1_000);
    assertThat(scrape.samples().size() - before).as("new series").isLessThan(50);
  }

  @Test
  void figuresAreThoseOfTheLetters() throws Exception {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(
                        Scrape.of(port()).samples("redrive_letters").stream()
                            .filter(sample -> sample.labels().get("status").equals("retrying"))
                            .mapToDouble(Scrape.Sample::value)
                            .sum())
                    .isEqualTo(1));
    Scrape scrape = Scrape.of(port());

    assertThat(scrape.sum("redrive_failures_total")).isEqualTo(PIPELINES);
    assertThat(scrape.sum("redrive_replays_total")).isEqualTo(1);
    assertThat(scrape.sum("redrive_commands_accepted_total")).isEqualTo(1);
    assertThat(scrape.sum("redrive_ready")).isEqualTo(1);
    assertThat(scrape.sum("redrive_rebalancing")).isZero();
    assertThat(scrape.sum("redrive_oldest_letter_age_seconds")).isBetween(0.001, 900.0);
    assertThat(scrape.sum("redrive_disk_free_bytes")).isPositive();
    assertThat(scrape.sum("process_resident_memory_bytes")).isPositive();
    assertThat(scrape.sum("redrive_kafka_threads_alive")).isEqualTo(1);
    assertThat(scrape.samples("redrive_command_seconds_count"))
        .singleElement()
        .satisfies(
            sample ->
                assertThat(sample.labels())
                    .containsEntry("type", "replay")
                    .containsEntry("result", "accepted"));
  }

  private static int port() {
    return live.redrive().httpPort();
  }

  /** Each metric of the documentation with its labels. */
  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> rows = new TreeMap<>();
    ROW.matcher(Files.readString(Path.of("docs", "operations.md")))
        .results()
        .forEach(
            row ->
                rows.put(
                    row.group(1),
                    Arrays.stream(row.group(2).replace("`", "").split(",", -1))
                        .map(String::strip)
                        .filter(label -> !label.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new))));
    assertThat(rows).isNotEmpty();
    return rows;
  }

  private static void fail(int pipelines) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", live.bootstrapServers(), "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sends = new ArrayList<>();
      for (int i = 0; i < pipelines; i++) {
        var failure =
            new ProducerRecord<>("redrive-errors", bytes("key-" + i), bytes("{\"n\":" + i + "}"));
        failure.headers().add("redrive-pipeline-id", bytes("pipeline-" + i));
        failure.headers().add("redrive-record-id", bytes("record-" + i));
        failure.headers().add("redrive-error-code", bytes("E1"));
        sends.add(producer.send(failure));
      }
      for (Future<RecordMetadata> send : sends) {
        send.get();
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
