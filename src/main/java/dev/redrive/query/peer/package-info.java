// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Asking the other instances, and answering them: which queries travel and how, who has which
 * partition, and what is done where somebody does not answer. May use what {@code query} may.
 */
@NullMarked
package dev.redrive.query.peer;

import org.jspecify.annotations.NullMarked;
