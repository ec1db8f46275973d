// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.diagnostics.artifact.Content.TooLargeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of this very process. */
@Timeout(120)
class CapturesTest {
  private static final long PLENTY = 1L << 32;

  @TempDir Path dir;

  @Test
  void aThreadDumpHasEveryThreadWithItsStackAndItsLocks() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Object lock = new Object();
    Thread holder = new Thread(() -> hold(lock, entered, leave), "holder-of-the-lock");
    holder.start();
    entered.await();
    Path file = dir.resolve("dump");
    new ThreadDump(0).writeTo(file, PLENTY);
    leave.countDown();
    holder.join();

    String text = Files.readString(file);
    assertThat(text).startsWith("1970-01-01T00:00:00Z, ");
    assertThat(text).contains("\"holder-of-the-lock\"").contains("CapturesTest.hold(");
    assertThat(text).contains("holds java.lang.Object@");
    assertThat(text).contains('"' + Thread.currentThread().getName() + '"');
    assertThatThrownBy(() -> new ThreadDump(0).writeTo(dir.resolve("small"), 100))
        .isInstanceOf(TooLargeException.class);
  }

  private static void hold(Object lock, CountDownLatch entered, CountDownLatch leave) {
    synchronized (lock) {
      entered.countDown();
      try {
        leave.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void aProfileIsARecordingWithoutEnvironmentAndCommandLine() throws Exception {
    Path file = dir.resolve("profile");
    new Profile(Duration.ofSeconds(1), new CountDownLatch(1)).writeTo(file, PLENTY);

    Set<String> types =
        RecordingFile.readAllEvents(file).stream()
            .map(RecordedEvent::getEventType)
            .map(type -> type.getName())
            .collect(Collectors.toSet());
    assertThat(types).contains("jdk.JavaThreadStatistics", "jdk.ActiveRecording");
    assertThat(types).doesNotContainAnyElementsOf(Profile.TELLING);
  }

  @Test
  void aProfileIsRefusedWhileAnotherRecordingWouldTellTheEnvironment() {
    try (Recording other = new Recording()) {
      other.enable("jdk.InitialEnvironmentVariable");
      other.setName("somebody's");
      other.start();

      assertThatThrownBy(
              () ->
                  new Profile(Duration.ofSeconds(1), new CountDownLatch(1))
                      .writeTo(dir.resolve("p"), PLENTY))
          .hasMessageContaining("somebody's");
    }
  }

  @Test
  void aProfileEndsWhereTheInstanceStops() {
    assertThatThrownBy(
            () ->
                new Profile(Duration.ofHours(1), new CountDownLatch(0))
                    .writeTo(dir.resolve("p"), PLENTY))
        .hasMessageContaining("stopping");
  }

  @Test
  void aHeapDumpIsOneAndIsNotBegunWhereItCannotFit() throws Exception {
    Path file = dir.resolve("heap.part");
    new HeapDump().writeTo(file, PLENTY);

    assertThat(file).exists();
    byte[] head = new byte[18];
    try (var in = Files.newInputStream(file)) {
      assertThat(in.read(head)).isEqualTo(18);
    }
    assertThat(new String(head, UTF_8)).isEqualTo("JAVA PROFILE 1.0.2");
    assertThatThrownBy(() -> new HeapDump().writeTo(dir.resolve("small"), 1_000))
        .isInstanceOf(TooLargeException.class);
    assertThat(dir.resolve("small.hprof")).doesNotExist();
  }
}
