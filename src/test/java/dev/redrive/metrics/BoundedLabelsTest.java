// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
}
