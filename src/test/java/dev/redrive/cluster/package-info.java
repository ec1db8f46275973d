// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Three brokers and three instances, each a process of its own, and what may happen to them:
 * rolling restarts, kills, networks that are cut. Asks them as people do, over HTTP and topics.
 */
@NullMarked
package dev.redrive.cluster;

import org.jspecify.annotations.NullMarked;
