// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.diagnostics.artifact.ArtifactRefusedException.Reason;
import dev.redrive.diagnostics.artifact.Artifacts.Limits;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactsTest {
  private static final Limits LIMITS = new Limits(Duration.ofDays(7), 100, 250);

  @TempDir Path parent;
  private Path dir;
  private long now = 1_000_000;
  private Artifacts artifacts;

  @BeforeEach
  void open() throws IOException {
    dir = parent.resolve("artifacts");
    artifacts = open(LIMITS);
  }

  @Test
  void whatWasPutIsThereAfterARestart() throws Exception {
    Artifact put = put(40);
    Artifacts again = open(LIMITS);

    assertThat(again.all()).containsExactly(put);
    assertThat(put.sizeBytes()).isEqualTo(40);
    assertThat(put.expiresAt()).isEqualTo(now + Duration.ofDays(7).toMillis());
    try (FileChannel channel = again.read(put)) {
      assertThat(Channels.newInputStream(channel).readAllBytes()).hasSize(40);
    }
  }

  @Test
  void whatACrashLeftIsClearedAndWhatIsSomebodyElsesStays() throws Exception {
    Artifact whole = put(10);
    String id = ArtifactId.fresh();
    Files.writeString(dir.resolve(id + ".part"), "half");
    Files.writeString(dir.resolve(id + ".part.hprof"), "half");
    Files.writeString(dir.resolve(ArtifactId.fresh() + ".bin"), "bytes without a description");
    Artifact torn = put(20);
    Files.writeString(dir.resolve(torn.id() + ".bin"), "shorter");
    Files.writeString(dir.resolve("notes.txt"), "mine");

    assertThat(open(LIMITS).all()).containsExactly(whole);
    assertThat(names())
        .containsExactlyInAnyOrder(whole.id() + ".bin", whole.id() + ".json", "notes.txt");
  }

  @Test
  void aDescriptionOfANewerRedriveIsNotShownAndNotDeleted() throws Exception {
    Artifact put = put(10);
    Path description = dir.resolve(put.id() + ".json");
    String json = Files.readString(description);
    Files.writeString(description, json.replace("\"version\":1", "\"version\":2"));

    assertThat(open(LIMITS).all()).isEmpty();
    assertThat(names()).contains(put.id() + ".bin", put.id() + ".json");
  }

  @Test
  void aDescriptionThatNamesAnotherFileIsNotBelieved() throws Exception {
    Artifact put = put(10);
    Path description = dir.resolve(put.id() + ".json");
    String json = Files.readString(description);
    Files.writeString(description, json.replace(put.id(), "../../etc/passwd"));

    assertThat(open(LIMITS).all()).isEmpty();
  }

  @Test
  void itExpiresToTheMillisecondAndTheSweepDeletesABoundedNumber() throws Exception {
    Artifacts many = open(new Limits(Duration.ofDays(7), 100, 1_000_000));
    for (int i = 0; i < Artifacts.SWEPT_AT_ONCE + 5; i++) {
      many.put(label(), content(1));
    }
    now += Duration.ofDays(7).toMillis() - 1;
    assertThat(many.all()).hasSize(Artifacts.SWEPT_AT_ONCE + 5);
    assertThat(many.sweep()).isZero();
    String id = many.all().get(0).id();

    now++;
    assertThat(many.all()).isEmpty();
    assertThat(many.find(id)).isEmpty();
    assertThat(many.sweep()).isEqualTo(Artifacts.SWEPT_AT_ONCE);
    assertThat(many.sweep()).isEqualTo(5);
    assertThat(names()).isEmpty();
  }

  @Test
  void theOldestLeaveToMakeRoom() throws Exception {
    Artifact first = put(100);
    Artifact second = put(100);
    Artifact third = put(100);

    assertThat(artifacts.all()).containsExactlyInAnyOrder(second, third);
    assertThat(artifacts.bytes()).isEqualTo(200);
    assertThat(names()).noneMatch(name -> name.startsWith(first.id()));
  }

  @Test
  void aSmallerCapHoldsAfterARestart() throws Exception {
    put(100);
    Artifact newest = put(100);
    Artifacts smaller = open(new Limits(Duration.ofDays(7), 100, 150));

    assertThat(smaller.sweep()).isEqualTo(1);
    assertThat(smaller.all()).containsExactly(newest);
    assertThat(smaller.sweep()).isZero();
  }

  @Test
  void oneThatIsTooLargeIsRefusedAndLeavesNothing() throws Exception {
    Artifact there = put(100);

    assertThatThrownBy(() -> artifacts.put(label(), content(101)))
        .isInstanceOfSatisfying(
            ArtifactRefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE))
        .hasMessageContaining("100 bytes");
    assertThatThrownBy(
            () ->
                artifacts.put(
                    label(),
                    (file, most) -> {
                      try (LimitedOutput out = new LimitedOutput(file, most)) {
                        out.write(new byte[101]);
                      }
                    }))
        .isInstanceOf(ArtifactRefusedException.class);
    assertThat(artifacts.all()).containsExactly(there);
    assertThat(names()).hasSize(2);
  }

  @Test
  void oneThatFailsHalfwayLeavesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                artifacts.put(
                    label(),
                    (file, most) -> {
                      Files.writeString(file, "half");
                      Files.writeString(file.resolveSibling(file.getFileName() + ".x"), "half");
                      throw new IOException("gone");
                    }))
        .hasMessage("gone");
    assertThat(artifacts.all()).isEmpty();
    assertThat(names()).isEmpty();
  }

  @Test
  void onlyTheOwnerReadsTheDirectory() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)))
        .isEqualTo("rwx------");
  }

  @Test
  void whoeverReadsOneThatLeavesReadsItToItsEnd() throws Exception {
    Artifact first = put(100);
    try (FileChannel channel = artifacts.read(first)) {
      artifacts.delete(first);
      assertThat(artifacts.find(first.id())).isEmpty();
      assertThat(Channels.newInputStream(channel).readAllBytes()).hasSize(100);
    }
  }

  private Artifacts open(Limits limits) throws IOException {
    return Artifacts.open(dir, limits, () -> Instant.ofEpochMilli(now));
  }

  private Artifact put(int bytes) throws Exception {
    now++;
    return artifacts.put(label(), content(bytes));
  }

  private Label label() {
    return new Label(
        ArtifactId.fresh(),
        "log_bundle",
        "orders",
        "run_1",
        now,
        "a.zip",
        "here",
        Set.of("orders"),
        Audience.VIEWERS,
        "ada");
  }

  private static Content content(int bytes) {
    return (file, most) -> Files.write(file, "x".repeat(bytes).getBytes(UTF_8));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
