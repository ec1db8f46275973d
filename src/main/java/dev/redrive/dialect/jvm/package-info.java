// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/** Frameworks of the JVM other than Spring: SmallRye and Quarkus, Micronaut, Helidon. */
@NullMarked
package dev.redrive.dialect.jvm;

import org.jspecify.annotations.NullMarked;
