// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * How settings are read from file, environment and command line, and what is wrong with them. Uses
 * {@code config} only.
 */
@NullMarked
package dev.redrive.config.load;

import org.jspecify.annotations.NullMarked;
