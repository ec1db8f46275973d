// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Conventions whose proof is in the value: kstreamplify, AWS Lambda, ksqlDB, Vector. They read
 * topics that the settings name for them and no others, since looking into every value would cost
 * too much and business data may look alike. Uses Jackson.
 */
@NullMarked
package dev.redrive.dialect.value;

import org.jspecify.annotations.NullMarked;
