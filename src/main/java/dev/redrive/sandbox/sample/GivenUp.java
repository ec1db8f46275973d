// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

/**
 * A record that failed for the last time.
 *
 * @param firstFailedAt epoch milliseconds
 * @param failedAt epoch milliseconds
 * @param retries how often it was tried again before
 */
record GivenUp(Failed failed, long firstFailedAt, long failedAt, int retries) {}
