// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What people see of a letter: what masks leave of it, and its payload in a form that can be read.
 * May use config, letter, filter, dialect.
 */
@NullMarked
package dev.redrive.preview;

import org.jspecify.annotations.NullMarked;
