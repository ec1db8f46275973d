// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What is left after crashes: processes that are killed or halted, threads that fail or are fenced,
 * offsets that are gone. Uses the program as people do (settings, topics, HTTP) and looks at its
 * databases only when no process has them open.
 */
@NullMarked
package dev.redrive.faults;

import org.jspecify.annotations.NullMarked;
