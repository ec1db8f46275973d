// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.config.load.SettingsLoader;
import dev.redrive.dialect.FailureLimits;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageSizesTest {

  @ParameterizedTest
  @ValueSource(strings = {"4KiB", "26KiB", "1MiB", "64MiB"})
  void everyPayloadLimitThatIsAllowedLeavesRoomForAFailure(String limit) {
    Settings settings =
        SettingsLoader.of(Map.of("kafka.bootstrap.servers", "none:1", "limits.payload", limit));

    assertThat(MessageSizes.needed(settings))
        .isGreaterThanOrEqualTo(FailureLimits.MIN_BYTES)
        .isGreaterThan(Math.toIntExact(settings.limits().payload().bytes()));
  }
}
