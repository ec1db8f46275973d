// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The workflows family: {@code /v2/workflows/dlq} and {@code /v2/dlq}, for the clients of a message
 * service that keeps failed HTTP deliveries. Ordinary letters appear in it as deliveries to {@code
 * kafka://} and their topic.
 */
@NullMarked
package dev.redrive.http.workflows;

import org.jspecify.annotations.NullMarked;
