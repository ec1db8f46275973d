// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The Kafka Streams graph: intakes, ledger, their topics and punctuation. Rules are elsewhere (in
 * {@code letter}); what is here moves data. May use {@code config}, {@code letter}, {@code
 * command}, {@code run}, {@code dialect}, {@code codec} and {@code store}.
 */
@NullMarked
package dev.redrive.topology;

import org.jspecify.annotations.NullMarked;
