// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The HTTP server: routes, keys and roles, errors, health, metrics. Each API family has a package
 * below this one. May use {@code config}, {@code letter}, {@code command}, {@code dialect}, {@code
 * codec} and {@code query}.
 */
@NullMarked
package dev.redrive.http;

import org.jspecify.annotations.NullMarked;
