// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What a run is, and every decision about it: the coordinator's (which partition may replay how
 * many, canary, halt, end) and the partitions' own shares. Pure functions of state, news and time;
 * may use {@code letter}, {@code filter} and {@code command}. No Kafka, no JSON, no I/O.
 */
@NullMarked
package dev.redrive.run;

import org.jspecify.annotations.NullMarked;
