// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/** The desk family: {@code /api/dlq} as design §8 has it. */
@NullMarked
package dev.redrive.http.desk;

import org.jspecify.annotations.NullMarked;
