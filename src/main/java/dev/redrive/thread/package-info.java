// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/** How threads that the process does not wait for are made and called. Uses no other package. */
@NullMarked
package dev.redrive.thread;

import org.jspecify.annotations.NullMarked;
