// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The one language in which letters are picked out: for lists, statistics, exports, bulk commands
 * and runs alike. Pure data and pure functions; may use {@code letter}, and RE2/J for expressions.
 */
@NullMarked
package dev.redrive.filter;

import org.jspecify.annotations.NullMarked;
