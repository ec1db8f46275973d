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
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KafkaStreamsIT {
  private static final byte[] VALUE = {-1, 0, 'p'};

  @TempDir Path dir;

  @Test
  void aRecordThatFailsTwiceIsOneLetterAndGoneOnceItWorked() throws Exception {
    Guide guide = Guide.of("streams");
    guide.assertUsed("java", Path.of("src/test/java/dev/redrive/producers/StreamsPayments.java"));
    try (LiveRedrive live = LiveRedrive.start(dir, guide.settings())) {
      Topics topics = new Topics(live.bootstrapServers());
      topics.create(1, "payments", StreamsPayments.BOOKED);
      topics.create(2, "payments-retry", "payments-errors");
      try (StreamsPayments application =
          StreamsPayments.start(live.bootstrapServers(), dir.resolve("application"))) {
        travel(new Journey(live.desk(), "payments"), topics, application);
      }
      assertThat(topics.read(StreamsPayments.BOOKED)).as("booked once").hasSize(1);
    }
  }

  private static void travel(Journey journey, Topics topics, StreamsPayments application)
      throws Exception {
    OddRecord record = new OddRecord(VALUE, System.currentTimeMillis() - 60_000);
    topics.send(List.of(record.on("payments")));

    JsonNode letter = journey.listed();
    String id = letter.get("id").asText();
    assertThat(letter.get("dialect").asText()).isEqualTo("streams");
    assertThat(letter.get("record_id").asText()).isEqualTo("payments-0-0");
    assertThat(letter.get("error_class").asText()).isEqualTo(IllegalStateException.class.getName());
    assertThat(letter.get("error_message").asText()).isEqualTo("the bank does not answer");

    journey.reprocess(id);
    JsonNode again = journey.failedAgain(id, 2);
    assertThat(again.get("record_id")).isEqualTo(letter.get("record_id"));
    assertThat(again.get("source")).isEqualTo(letter.get("source"));
    record.assertReplayed(last(application), letter, 1);

    application.bankAnswersAgain();
    journey.reprocess(id);
    journey.ended(id);
    patiently().until(() -> application.seen().size() == 3);
    record.assertReplayed(last(application), letter, 2);
  }

  private static Record<byte[], byte[]> last(StreamsPayments application) {
    return application.seen().get(application.seen().size() - 1);
  }
}
