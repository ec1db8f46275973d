// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.apache.kafka.streams.query.Query;

/**
 * Where the letters stand that a page would show. They are not read where index rows tell enough,
 * so limits may be far higher than those of pages.
 */
public record MatchQuery(PageQuery page) implements Query<Matches> {}
