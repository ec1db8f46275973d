// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * The quick start: a Kafka broker in this process, a pipeline that fails, and both together with
 * Redrive as one command. May use cli and config for what was asked for, letter for ids, and
 * nothing of the inside: the root starts Redrive, and the pipeline meets it on topics only.
 */
@NullMarked
package dev.redrive.sandbox;

import org.jspecify.annotations.NullMarked;
