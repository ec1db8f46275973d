// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/** What is hidden from those who may not see through masks. */
public interface MaskSettings {

  @Doc(
      "Places in payloads that are JSON, or shown as JSON: `$.a.b`, `$.items[*].iban`,"
          + " `$['any name']`, `$..name` at any depth. A payload that cannot be read as JSON is"
          + " hidden whole.")
  Optional<List<MaskPath>> paths();

  @Doc("Names of headers, of the record and of HTTP deliveries, in any case of letters.")
  Optional<List<String>> headers();

  @Doc(
      "Regular expressions (RE2). What they match is hidden in error messages, stack traces,"
          + " metadata, headers and payloads. A payload that is no text is hidden whole.")
  Optional<List<Pattern>> texts();
}
