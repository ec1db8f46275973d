// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What Prometheus scrapes: a bounded set of metrics with labels from closed sets, each named in
 * docs/operations.md. Reads what other packages count and keep; nothing else depends on it but the
 * wiring.
 */
@NullMarked
package dev.redrive.metrics;

import org.jspecify.annotations.NullMarked;
