// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.redrive.Main;
import dev.redrive.sandbox.EmbeddedBroker;
import dev.redrive.testkit.DeskClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A load under the memory limit of a small container, with the options of the image. How many
 * letters: {@code -Dredrive.memory.letters=}, else a million with {@code -Pfull}.
 */
@Timeout(2400)
class MemoryIT {
  private static final int LETTERS =
      Integer.getInteger(
          "redrive.memory.letters", Boolean.getBoolean("redrive.full") ? 1_000_000 : 20_000);

  private static final long LIMIT = 1L << 30;
  private static final Path ENTRY = Path.of("src", "main", "docker", "redrive");

  @Test
  void aLoadStaysBelowTheLimitOfItsContainer(@TempDir Path dir) throws Exception {
    Optional<MemoryGroup> group = MemoryGroup.limitedTo(LIMIT);
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(dir.resolve("kafka"), 0, Installation.BROKER)) {
      var installation =
          new Installation(broker.bootstrapServers(), "memory", dir.resolve("state"));
      try (RedriveProcess redrive = launch(installation, group)) {
        redrive.awaitReady();
        fail(installation);
        await()
            .atMost(Duration.ofSeconds(60 + LETTERS / 500))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> !redrive.alive() || redrive.metric("redrive_store_letters") == LETTERS);
        assertThat(redrive.alive()).as("it was not killed").isTrue();
        read(new DeskClient(redrive.address().getPort()));

        long peak = peak(redrive.pid());
        System.out.printf(
            "%,d letters: peak resident size %,d KiB of %,d KiB%n", LETTERS, peak, LIMIT / 1024);
        assertThat(peak).as("peak resident size, KiB").isBetween(100L * 1024, LIMIT / 1024);
        redrive.stop();
      }
      if (group.isPresent()) {
        assertThat(group.get().killed()).as("kills for want of memory").isZero();
      }
    } finally {
      if (group.isPresent()) {
        group.get().close();
      }
    }
  }

  /** As the image's entry point does, in the group where there is one. */
  private static RedriveProcess launch(Installation installation, Optional<MemoryGroup> group)
      throws IOException {
    Map<String, String> settings = new HashMap<>(installation.settings());
    List<String> program = new ArrayList<>(List.of("java", "-XX:MaxRAMPercentage=50"));
    assertThat(Files.readString(ENTRY)).contains(program.get(1));
    if (group.isEmpty()) {
      program.add("-XX:MaxRAM=" + LIMIT);
      settings.put("store.block-cache", "128MiB");
      settings.put("store.write-buffers", "64MiB");
    }
    program.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
    RedriveProcess.sets(settings).forEach(set -> program.addAll(List.of("--set", set)));
    String join = group.map(each -> "echo $$ > " + each.processes() + " && ").orElse("");
    List<String> line = new ArrayList<>(List.of("bash", "-c"));
    line.add(join + "MALLOC_ARENA_MAX=2 exec \"$@\"");
    line.add("redrive");
    line.addAll(program);
    return RedriveProcess.launch(installation, line);
  }

  /** Letters of 1 KB, which is what most are. */
  private static void fail(Installation installation) throws Exception {
    byte[] value = ("{\"note\":\"" + "x".repeat(900) + "\"}").getBytes(UTF_8);
    AtomicReference<Exception> failed = new AtomicReference<>();
    Future<RecordMetadata> last = CompletableFuture.completedFuture(null);
    Map<String, Object> settings = new HashMap<>(installation.clients());
    settings.put("linger.ms", 20);
    settings.put("compression.type", "lz4");
    // A partition that was just made may take the second request before the first.
    settings.put("max.in.flight.requests.per.connection", 1);
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < LETTERS; i++) {
        byte[] id = ("order-" + i).getBytes(UTF_8);
        var failure = new ProducerRecord<>(installation.topic("errors"), id, value);
        failure.headers().add("redrive-pipeline-id", "orders".getBytes(UTF_8));
        failure.headers().add("redrive-record-id", id);
        failure
            .headers()
            .add("redrive-error-class", "java.lang.IllegalStateException".getBytes(UTF_8));
        last = producer.send(failure, (at, error) -> failed.compareAndSet(null, error));
      }
      last.get();
    }
    assertThat(failed.get()).isNull();
  }

  private static void read(DeskClient desk) {
    for (int i = 0; i < 20; i++) {
      assertThat(desk.letters("orders")).hasSize(100);
      assertThat(desk.get("/api/dlq/stats").status()).isEqualTo(200);
    }
  }

  /** KiB, from the kernel. */
  private static long peak(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findAny()
        .orElseThrow();
  }
}
