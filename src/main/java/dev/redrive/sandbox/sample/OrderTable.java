// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import java.sql.SQLIntegrityConstraintViolationException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A database table in memory, which refuses what PostgreSQL would refuse, in its words and with its
 * SQL states.
 */
final class OrderTable {
  private final Map<String, String> writers = new HashMap<>();

  /**
   * @param writer id of the record that asks; writing its own row again is no violation
   */
  synchronized void insert(@Nullable String orderId, String writer)
      throws SQLIntegrityConstraintViolationException {
    if (orderId == null) {
      throw new SQLIntegrityConstraintViolationException(
          "null value in column \"order_id\" violates not-null constraint", "23502");
    }
    String owner = writers.putIfAbsent(orderId, writer);
    if (owner != null && !owner.equals(writer)) {
      throw new SQLIntegrityConstraintViolationException(
          "duplicate key value violates unique constraint \"orders_pkey\": Key (order_id)=("
              + orderId
              + ") already exists.",
          "23505");
    }
  }
}
