// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

/** The Helm chart, as Helm renders it and as Kubernetes would read it. */
@NullMarked
package dev.redrive.chart;

import org.jspecify.annotations.NullMarked;
