// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.EventJson;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The audit as log lines: each has what its event has. A line is written as a task decides, before
 * the transaction commits, so one that is dropped and done again leaves two; the events topic has
 * each once.
 */
final class AuditLog {
  private static final Logger LOGGER = LoggerFactory.getLogger("redrive-audit");

  private AuditLog() {}

  static void told(EventJson.Event event, Level level) {
    if (!LOGGER.isEnabledForLevel(level)) {
      return;
    }
    LoggingEventBuilder line =
        LOGGER
            .atLevel(level)
            .addKeyValue("event", event.type())
            .addKeyValue("subject", event.key());
    if (event.trace().isPresent()) {
      line = line.addKeyValue("trace_id", event.trace().get().traceId());
    }
    for (Map.Entry<String, String> field : event.fields().entrySet()) {
      line = line.addKeyValue(field.getKey(), field.getValue());
    }
    line.log("audit");
  }
}
