// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/** What the process says of itself, and what is sent to it, as files. Uses {@code artifact}. */
@NullMarked
package dev.redrive.diagnostics.capture;

import org.jspecify.annotations.NullMarked;
