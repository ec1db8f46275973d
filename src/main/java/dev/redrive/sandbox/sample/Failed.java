// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline knows of a record that it could not process.
 *
 * @param passing whether trying again soon may help
 * @param connectionId the system that refused, or would have got the record
 * @param cause null where nothing was thrown but a check said no
 * @param http set for failed HTTP deliveries
 */
record Failed(
    String code,
    String message,
    boolean passing,
    String connectionId,
    @Nullable Throwable cause,
    List<String> labels,
    Map<String, String> metadata,
    @Nullable ObjectNode http) {

  static Failed thrown(String code, Throwable cause, String connectionId, String... labels) {
    String message = String.valueOf(cause.getMessage());
    return new Failed(code, message, false, connectionId, cause, List.of(labels), Map.of(), null);
  }

  static Failed check(String code, String message, String connectionId, String... labels) {
    return new Failed(code, message, false, connectionId, null, List.of(labels), Map.of(), null);
  }

  Failed mayPass() {
    return new Failed(code, message, true, connectionId, cause, labels, metadata, http);
  }

  Failed about(Map<String, String> facts) {
    return new Failed(code, message, passing, connectionId, cause, labels, facts, http);
  }

  Failed delivering(ObjectNode delivery) {
    return new Failed(code, message, passing, connectionId, cause, labels, metadata, delivery);
  }
}
