// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Libraries and runtimes that stand between the broker and an application: Watermill, Greyhound,
 * Dapr, Redpanda Connect, and the CloudEvents that any of them may carry.
 */
@NullMarked
package dev.redrive.dialect.platform;

import org.jspecify.annotations.NullMarked;
