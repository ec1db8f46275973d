// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.ErrorTopics;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.testkit.Guide;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every guide tells to set in Redrive; their code is run by the tests of each producer. */
class GuidesTest {

  @ParameterizedTest
  @ValueSource(strings = {"connect", "go", "quarkus", "ruby", "spring", "streams"})
  void theSettingsOfAGuideAreAcceptedAndReadItsErrorTopic(String guide) throws IOException {
    Map<String, String> set = new HashMap<>(Guide.of(guide).settings());
    set.put("kafka.bootstrap.servers", "none:1");

    Settings settings = SettingsLoader.of(set);

    assertThat(settings.pipelines())
        .singleElement()
        .satisfies(pipeline -> assertThat(pipeline.retryTopic()).isPresent());
    assertThat(List.of("orders-errors", "invoices-errors", "payments-errors"))
        .anyMatch(ErrorTopics.of(settings)::contains);
  }
}
