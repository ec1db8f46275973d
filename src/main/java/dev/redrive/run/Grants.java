// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How an amount is shared out to those who need some of it. */
final class Grants {

  private Grants() {}

  /**
   * Whole numbers in proportion to the needs, which sum to the amount or to all that is needed; the
   * largest fractions are rounded up.
   */
  static long[] split(long amount, long[] needs) {
    long all = 0;
    for (long need : needs) {
      all += need;
    }
    long[] shares = new long[needs.length];
    if (all <= amount) {
      return needs.clone();
    }
    List<Integer> byFraction = new ArrayList<>();
    double[] fractions = new double[needs.length];
    long given = 0;
    for (int i = 0; i < needs.length; i++) {
      double exact = (double) amount * needs[i] / all;
      shares[i] = Math.min(needs[i], (long) exact);
      fractions[i] = exact - shares[i];
      given += shares[i];
      byFraction.add(i);
    }
    byFraction.sort(Comparator.comparingDouble((Integer i) -> -fractions[i]));
    for (int i : byFraction) {
      if (given < amount && shares[i] < needs[i]) {
        shares[i]++;
        given++;
      }
    }
    return shares;
  }
}
