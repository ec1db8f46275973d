// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A fuzzer that knows the API's description: it asks every operation for what it promises and for
 * what nobody should ask, and holds every answer to the contract.
 */
@NullMarked
package dev.redrive.http.fuzz;

import org.jspecify.annotations.NullMarked;
