// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Room, names, ids, and who may see what. */
class ArtifactRulesTest {

  @Test
  void theOldestLeaveAndNoMoreThanNeeded() {
    List<Artifact> there = List.of(artifact(3, 30), artifact(1, 10), artifact(2, 20));

    assertThat(Room.leaving(there, 60, 10)).isEmpty();
    assertThat(created(Room.leaving(there, 59, 10))).containsExactly(1L);
    assertThat(created(Room.leaving(there, 49, 10))).containsExactly(1L, 2L);
    assertThat(created(Room.leaving(there, 0, 10))).containsExactly(1L, 2L, 3L);
    assertThat(created(Room.leaving(there, 60, 2))).containsExactly(1L);
  }

  @Test
  void oneFileTakesHalfOfWhatTheDiskHasLeftAtMost() {
    assertThat(Room.forOne(100, 1_000)).isEqualTo(100);
    assertThat(Room.forOne(100, 150)).isEqualTo(75);
    assertThat(Room.forOne(100, 0)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "..",
        "../x",
        "a/b",
        "a\\b",
        ".hidden",
        "a b",
        "a\"b",
        "a\r\nX: y",
        "ä",
        "a;b"
      })
  void aNameThatIsMoreThanANameIsNone(String name) {
    assertThat(FileName.isOne(name)).isFalse();
  }

  @Test
  void aNameHasAtMost100Characters() {
    assertThat(FileName.isOne("a".repeat(100))).isTrue();
    assertThat(FileName.isOne("a".repeat(101))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "a.zip, application/zip",
    "a.ZIP, application/zip",
    "a.log, text/plain",
    "a.html, application/octet-stream",
    "zip, application/zip",
    "a, application/octet-stream"
  })
  void theNameSaysWhatItIsAndMarkupIsNeverShown(String name, String type) {
    assertThat(FileName.mediaType(name)).isEqualTo(type);
  }

  @Test
  void idsAreNamesOfFilesAndNothingElseIsAnId() {
    String id = ArtifactId.fresh();
    assertThat(ArtifactId.isOne(id)).isTrue();
    assertThat(ArtifactId.fresh()).isNotEqualTo(id);
    assertThat(ArtifactId.of("a", "b")).isEqualTo(ArtifactId.of("a", "b"));
    assertThat(ArtifactId.isOne(ArtifactId.of("a", "b"))).isTrue();
    for (String other :
        List.of("", "diag_", id + "/", id + "\n", "../" + id, id.toUpperCase(Locale.ROOT))) {
      assertThat(ArtifactId.isOne(other)).as(other).isFalse();
    }
  }

  @Test
  void whoIsLimitedSeesWhatIsAboutTheirPipelinesAlone() {
    Set<String> onlyA = Set.of("a");
    assertThat(label(Set.of("a"), Audience.VIEWERS).isFor(onlyA, false, false)).isTrue();
    assertThat(label(Set.of("b"), Audience.VIEWERS).isFor(onlyA, false, false)).isFalse();
    assertThat(label(Set.of("a", "b"), Audience.VIEWERS).isFor(onlyA, false, false)).isFalse();
    assertThat(label(Set.of("a", "b"), Audience.VIEWERS).isFor(Set.of("a", "b"), false, false))
        .isTrue();
    assertThat(label(Set.of(), Audience.VIEWERS).isFor(onlyA, false, false)).isFalse();
    assertThat(label(Set.of("b"), Audience.VIEWERS).isFor(Set.of(), false, false)).isTrue();
  }

  @Test
  void whatShowsPayloadsOrTheWholeProcessIsForFew() {
    Label revealing = label(Set.of("a"), Audience.REVEALING);
    assertThat(revealing.isFor(Set.of(), false, false)).isFalse();
    assertThat(revealing.isFor(Set.of("a"), true, false)).isTrue();
    Label admins = label(Set.of(), Audience.ADMINS);
    assertThat(admins.isFor(Set.of(), true, false)).isFalse();
    assertThat(admins.isFor(Set.of("a"), true, true)).isFalse();
    assertThat(admins.isFor(Set.of(), false, true)).isTrue();
  }

  private static List<Long> created(List<Artifact> artifacts) {
    return artifacts.stream().map(artifact -> artifact.label().createdAt()).toList();
  }

  private static Artifact artifact(long createdAt, long bytes) {
    Label label =
        new Label(
            ArtifactId.fresh(),
            "profile",
            null,
            null,
            createdAt,
            "a.jfr",
            "here",
            Set.of(),
            Audience.VIEWERS,
            null);
    return new Artifact(label, bytes, 100);
  }

  private static Label label(Set<String> scope, Audience audience) {
    return new Label(ArtifactId.fresh(), "t", null, null, 1, "a", "here", scope, audience, null);
  }
}
