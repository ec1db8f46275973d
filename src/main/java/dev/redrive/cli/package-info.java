// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The commands a person types: their options, their help and their exit codes. What they do is
 * handed in. May use {@code config}.
 */
@NullMarked
package dev.redrive.cli;

import org.jspecify.annotations.NullMarked;
