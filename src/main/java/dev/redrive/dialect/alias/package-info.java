// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Headers that an application made up itself, told by a table: which header holds which field, in
 * what encoding. For topics that the settings name, since such headers prove nothing. May use
 * letter, {@code convention} and {@code header}.
 */
@NullMarked
package dev.redrive.dialect.alias;

import org.jspecify.annotations.NullMarked;
