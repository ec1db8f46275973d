// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What an artifact is, who may see it, and the directory of those of one instance: names, sizes,
 * expiry, room. Uses {@code letter} for its ids.
 */
@NullMarked
package dev.redrive.diagnostics.artifact;

import org.jspecify.annotations.NullMarked;
