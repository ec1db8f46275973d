// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What Redrive asks of the cluster beside the stream: that its topics are there and fit, where
 * reading begins, what it knows of retry topics, and that used entries of the internal topics go.
 * All by {@code Admin}, never on a stream thread. May use {@code config}.
 */
@NullMarked
package dev.redrive.topology.topics;

import org.jspecify.annotations.NullMarked;
