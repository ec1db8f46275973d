// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What there is to know of a run as one file. Uses {@code artifact} and what the package above may.
 */
@NullMarked
package dev.redrive.diagnostics.bundle;

import org.jspecify.annotations.NullMarked;
