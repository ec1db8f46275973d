// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.query.Query;

/**
 * What a partition knows of failure groups; of those it knows nothing of it says nothing.
 *
 * @param pipelines letters of only these are looked at; empty: of all
 */
public record GroupQuery(Set<String> groups, Set<String> pipelines)
    implements Query<Map<String, GroupFacts>> {
  public GroupQuery {
    groups = Set.copyOf(groups);
    pipelines = Set.copyOf(pipelines);
  }
}
