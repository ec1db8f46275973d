// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The quick start: a Kafka broker in this process, a pipeline that fails, and both together with
 * Redrive as one command. May use what the root uses to start Redrive, but reaches the ledger only
 * through topics and HTTP, as any other pipeline would.
 */
@NullMarked
package dev.redrive.sandbox;

import org.jspecify.annotations.NullMarked;
