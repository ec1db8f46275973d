// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.load.SettingsLoader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminAccessTest {

  @Test
  void takesCommonSettingsAndItsOwnButNotThoseOfOtherClients() {
    Map<String, String> kafka =
        Map.of(
            "kafka.bootstrap.servers", "broker:9092",
            "kafka.request.timeout.ms", "1",
            "kafka.admin.request.timeout.ms", "2",
            "kafka.producer.linger.ms", "3");

    assertThat(AdminAccess.clientSettings(SettingsLoader.of(kafka)))
        .containsOnly(
            Map.entry("bootstrap.servers", "broker:9092"),
            Map.entry("request.timeout.ms", "2"),
            Map.entry("client.id", "redrive-admin"));
  }
}
