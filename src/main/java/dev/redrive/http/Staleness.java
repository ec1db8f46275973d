// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import dev.redrive.query.PartitionAnswer;
import io.javalin.http.Context;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which partitions standbys answered for while a request was handled, told in the header {@value
 * #HEADER}: {@code 0=12, 3=unknown} are partitions, each with the changelog records that the
 * standby had still to read. All families and all bodies tell it alike.
 *
 * <p>Kept by thread, since a request is handled on one, and readings are made in many places.
 */
final class Staleness {
  static final String HEADER = "Redrive-Behind";

  private static final ThreadLocal<SortedMap<Integer, Long>> SEEN =
      ThreadLocal.withInitial(TreeMap::new);

  private Staleness() {}

  /** A request begins. */
  static void forget() {
    SEEN.remove();
  }

  static void saw(Map<Integer, Long> behind) {
    if (!behind.isEmpty()) {
      SEEN.get().putAll(behind);
    }
  }

  /** A request ends; its answer has not begun. */
  static void tell(Context request) {
    SortedMap<Integer, Long> seen = SEEN.get();
    if (!seen.isEmpty()) {
      request.header(
          HEADER,
          seen.entrySet().stream()
              .map(one -> one.getKey() + "=" + records(one.getValue()))
              .collect(Collectors.joining(", ")));
    }
    SEEN.remove();
  }

  private static String records(long behind) {
    return behind == PartitionAnswer.UNKNOWN ? "unknown" : String.valueOf(behind);
  }
}
