// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Redrive as it runs: a broker, an instance on it, and what the world does to them. Tests here know
 * topics, commands and HTTP only, as anybody outside does.
 */
@NullMarked
package dev.redrive.live;

import org.jspecify.annotations.NullMarked;
