// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import org.apache.kafka.streams.query.Query;

/** The number of the partition's last change that queries can see. */
public record ServedChangeQuery() implements Query<Long> {}
