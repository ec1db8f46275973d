// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * A small shop whose pipelines really fail: what a team that uses Redrive would have. Uses Kafka's
 * clients and nothing of Redrive's inside; the two meet on topics only.
 */
@NullMarked
package dev.redrive.sandbox.sample;

import org.jspecify.annotations.NullMarked;
