// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * What people and programs ask for, and the answers: pure data, as it goes over the command,
 * outcome and result topics. May use {@code letter}.
 */
@NullMarked
package dev.redrive.command;

import org.jspecify.annotations.NullMarked;
