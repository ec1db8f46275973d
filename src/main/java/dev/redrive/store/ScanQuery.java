// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.filter.LetterFilter;
import org.apache.kafka.streams.query.Query;

/**
 * All letters of one partition that fit a filter, as they are when this is asked, newest first. The
 * answer holds a snapshot of the store, so whoever gets it closes it.
 *
 * @param until when it is closed if nobody did, epoch milliseconds: a snapshot keeps what is
 *     deleted on disk
 */
public record ScanQuery(LetterFilter filter, long until) implements Query<LetterScan> {}
