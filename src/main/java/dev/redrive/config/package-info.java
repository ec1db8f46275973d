// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Every setting: its name, default, range and what it does, in one place each; how settings are
 * read from file, environment and command line, and what is wrong with them. Uses nothing else of
 * Redrive.
 */
@NullMarked
package dev.redrive.config;

import org.jspecify.annotations.NullMarked;
