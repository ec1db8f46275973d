// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import java.util.ArrayList;
import java.util.List;

/** Settings from {@code --set key=value}. */
final class SetOptions {

  private SetOptions() {}

  static List<GivenValue> read(List<String> options, List<String> problems) {
    List<GivenValue> values = new ArrayList<>();
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals <= 0) {
        // Not repeated: it may be half of a secret.
        problems.add("--set: has no key; write --set http.port=8081");
      } else {
        String key = option.substring(0, equals).strip().replace("\"", "");
        values.add(new GivenValue(key, option.substring(equals + 1), "--set " + key));
      }
    }
    return values;
  }
}
