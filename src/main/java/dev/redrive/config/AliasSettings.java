// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.Map;

/** Headers that an application made up for its dead letters. */
public interface AliasSettings {

  @Doc("Name of the set, for `errors.dialects.<topic>`.")
  String name();

  @Doc(
      value =
          "Which header holds a field: `headers.source-topic: x-from`. After a space its encoding,"
              + " where it is not decimal text or a time: `headers.source-offset: x-offset int64`."
              + " The fields and encodings: docs/dialects.md. Not from the environment.",
      byDefault = "none")
  Map<String, String> headers();
}
