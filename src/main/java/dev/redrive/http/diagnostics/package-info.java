// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The desk's operations on artifacts: list, statistics, making, upload, download, and what peers
 * ask each other about them. May use what {@code http} may.
 */
@NullMarked
package dev.redrive.http.diagnostics;

import org.jspecify.annotations.NullMarked;
