// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Taking the letters of one ledger into another with more partitions, while neither runs. Reads and
 * writes changelogs and the offsets of groups; no stream. May use what {@code topology} may.
 */
@NullMarked
package dev.redrive.topology.repartition;

import org.jspecify.annotations.NullMarked;
