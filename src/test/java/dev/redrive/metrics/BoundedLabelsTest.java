// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.store.Census;
import dev.redrive.store.Census.FailureGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BoundedLabelsTest {

  @Test
  void declaredPipelinesHaveNamesThenWhoeverComesFirst() {
    PipelineLabels labels = new PipelineLabels(List.of("declared"), 2);

    assertThat(labels.of("first")).isEqualTo("first");
    assertThat(labels.of("second")).isEqualTo("other");
    assertThat(labels.of("declared")).isEqualTo("declared");
    assertThat(labels.of("first")).as("again").isEqualTo("first");
    assertThat(labels.named()).containsExactly("declared", "first");
  }

  @Test
  void aGroupIsNewOnceThoughItsLettersComeAndGo() {
    GroupWatch watch = new GroupWatch();
    watch.look(Map.of(0, census(), 1, census()));

    assertThat(watch.look(Map.of(0, census("a"), 1, census()))).isEqualTo(1);
    assertThat(watch.look(Map.of(0, census("a"), 1, census("a", "b")))).isEqualTo(1);
    assertThat(watch.look(Map.of(0, census(), 1, census()))).isZero();
    assertThat(watch.look(Map.of(0, census("a"), 1, census("b")))).isZero();
  }

  @Test
  void groupsThatAPartitionBringsAlongAreNotNew() {
    GroupWatch watch = new GroupWatch();

    assertThat(watch.look(Map.of(0, census("old")))).as("from the start").isZero();
    assertThat(watch.look(Map.of(0, census("old"), 1, census("elsewhere")))).isZero();
    assertThat(watch.look(Map.of(0, census("old")))).as("moved away").isZero();
    assertThat(watch.look(Map.of(0, census("old"), 1, census("meanwhile")))).isZero();
    assertThat(watch.look(Map.of(0, census("new"), 1, census("meanwhile")))).isEqualTo(1);
  }

  private static Census census(String... groups) {
    Set<FailureGroup> found =
        Arrays.stream(groups).map(id -> new FailureGroup("orders", id)).collect(Collectors.toSet());
    return new Census(Map.of(), found, null, Map.of(), 0);
  }
}
