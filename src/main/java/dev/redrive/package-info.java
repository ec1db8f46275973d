// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/** Redrive, a dead-letter desk for Kafka: the entry point of the program. */
@NullMarked
package dev.redrive;

import org.jspecify.annotations.NullMarked;
