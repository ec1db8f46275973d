// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What is asked about this process.
 *
 * @param alive false: only a restart helps
 * @param readiness whether it is to be asked now
 */
public record Probes(
    BooleanSupplier alive, Supplier<Readiness> readiness, PrometheusMeterRegistry metrics) {

  /**
   * Whether this process is to be asked now.
   *
   * @param reason why it is not ready, or what it is doing, for a person
   */
  public record Readiness(boolean ready, String reason) {}
}
