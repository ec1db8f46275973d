// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an instance answers to a {@link PeerRequest}: each partition for itself.
 *
 * @param name of the kind of query, once more: whoever does not say it is no Redrive that has
 *     understood, and its answer could pass for an empty one
 */
record PeerReply(String name, List<Part> parts) {

  /**
   * Of one partition.
   *
   * @param value the answer; null with a reason in {@code missing}
   * @param behind how far the standby lags that has answered; null: the active has
   */
  record Part(
      int partition, @Nullable JsonNode value, @Nullable String missing, @Nullable Long behind) {}
}
