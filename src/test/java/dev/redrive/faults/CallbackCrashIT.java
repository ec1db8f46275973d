// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.Main;
import dev.redrive.letter.LetterId;
import dev.redrive.live.Hooks;
import dev.redrive.live.Hooks.Heard;
import dev.redrive.live.Web;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.testkit.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Failure callbacks of a Redrive that is killed while it calls them, or between two calls. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CallbackCrashIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LETTERS = 20;

  @TempDir static Path dir;
  private static EmbeddedBroker broker;
  private static Hooks hooks;

  @BeforeAll
  static void start() throws Exception {
    hooks = new Hooks();
    broker = EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER);
  }

  @AfterAll
  static void stop() {
    broker.close();
    hooks.close();
  }

  @Test
  void whatWasOpenIsCalledByTheNextAndKnownToBeTheSame() throws Exception {
    Installation here =
        new Installation(broker.bootstrapServers(), "callbacks", dir.resolve("callbacks"));
    for (int i = 0; i < LETTERS; i++) {
      boolean hangs = i % 2 == 0;
      hooks.on(
          "/" + i,
          call -> {
            if (call.number() > 1) {
              call.answer(200, "again");
            } else if (hangs) {
              call.hang();
            } else {
              call.answer(503, "");
            }
          });
    }
    new Topics(broker.bootstrapServers()).create(1, here.topic("errors"));
    RedriveProcess redrive = serve(here).awaitReady();
    try {
      fail(here);
      for (int i = 0; i < LETTERS; i++) {
        hooks.await("/" + i, 1);
      }
      redrive.kill();
      redrive = serve(here).awaitReady();
      for (int i = 0; i < LETTERS; i++) {
        awaitSuccess(redrive, LetterId.of("hooks", String.valueOf(i)));
        List<Heard> heard = hooks.heard("/" + i);
        assertThat(heard.size()).as("calls of %d", i).isGreaterThanOrEqualTo(2);
        assertThat(heard).extracting(Heard::callbackId).containsOnly(heard.get(0).callbackId());
      }
      redrive.stop();
      LeftOnDisk.checked(here);
    } finally {
      redrive.close();
    }
  }

  private static RedriveProcess serve(Installation here) throws Exception {
    Map<String, String> settings = new HashMap<>(here.settings());
    settings.put("callbacks.allowed-hosts", "127.0.0.1:" + hooks.port());
    settings.put("callbacks.private-networks", "127.0.0.0/8");
    settings.put("callbacks.delays", "3s,3s,3s,3s");
    settings.put("callbacks.timeout", "60s");
    settings.put("callbacks.concurrency", String.valueOf(LETTERS));
    List<String> args = new ArrayList<>(List.of("serve"));
    RedriveProcess.sets(settings).forEach(set -> args.addAll(List.of("--set", set)));
    return RedriveProcess.start(here, Main.class, args);
  }

  private static void fail(Installation here) throws Exception {
    List<ProducerRecord<byte[], byte[]>> failed = new ArrayList<>();
    for (int i = 0; i < LETTERS; i++) {
      String json =
          """
          {"pipeline_id":"hooks","record_id":"%1$d","error":{"code":"500","message":"no"},
           "payload":{},"http":{"failure_callback":"http://127.0.0.1:%2$d/%1$d"}}"""
              .formatted(i, hooks.port());
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(here.topic("errors"), null, json.getBytes(UTF_8));
      record.headers().add(new RecordHeader("redrive-envelope", "1".getBytes(UTF_8)));
      failed.add(record);
    }
    new Topics(here.bootstrapServers()).send(failed);
  }

  private static void awaitSuccess(RedriveProcess redrive, LetterId id) {
    Web web = new Web(redrive.address().getPort(), Optional.empty());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              JsonNode letter = web.get("/v2/workflows/dlq/" + id).json();
              assertThat(letter.at("/failureFunctionState").asText()).isEqualTo("CALLBACK_SUCCESS");
              assertThat(letter.at("/failureCallbackInfo/responseBody").asText())
                  .isEqualTo("again");
            });
  }
}
