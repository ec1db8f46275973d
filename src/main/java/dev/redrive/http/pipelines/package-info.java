// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The pipelines family: {@code /v2/pipelines/{key}/dead_letters} and {@code .../runs}. A path shows
 * a pipeline's key, bodies show record ids as they are.
 */
@NullMarked
package dev.redrive.http.pipelines;

import org.jspecify.annotations.NullMarked;
