// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What one instance asks another.
 *
 * @param version of the protocol
 * @param name of the kind of query
 * @param standby whether a standby is asked; else the active alone may answer
 */
record PeerRequest(
    int version, String name, JsonNode query, Set<Integer> partitions, boolean standby) {

  /** Raised where two Redrives would misunderstand each other; more components do not need that. */
  static final int VERSION = 1;
}
