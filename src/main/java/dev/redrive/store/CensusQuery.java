// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.apache.kafka.streams.query.Query;

/**
 * What there is, for metrics: from counters, so that it costs what there are cells and not what
 * there are letters.
 */
public record CensusQuery() implements Query<Census> {}
