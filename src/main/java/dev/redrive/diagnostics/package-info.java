// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Artifacts: files that help with a failure. Owns the directory that they lie in and who may see
 * them, makes log bundles of runs, thread dumps, recordings and heap dumps, and knows those of the
 * other instances. May use {@code config}, {@code letter}, {@code run}, {@code store}, {@code
 * query} and {@code preview}.
 */
@NullMarked
package dev.redrive.diagnostics;

import org.jspecify.annotations.NullMarked;
