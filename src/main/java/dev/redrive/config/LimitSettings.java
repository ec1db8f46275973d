// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;

/** What is kept of large records. */
public interface LimitSettings {

  @Doc(
      value =
          "Largest failed record (key, value and headers) that is kept whole; larger ones are cut"
              + " and say so. `max.request.size` and the `max.message.bytes` of Redrive's topics"
              + " follow from it.",
      min = "4KiB",
      max = "64MiB")
  @WithDefault("1MiB")
  ByteSize payload();

  @Doc(
      value =
          "Largest record that a replay sends. Of what was cut, or never kept, the record is read"
              + " back from its topic for that, up to this size; the retry topic must take it too.",
      min = "4KiB",
      max = "64MiB")
  @WithDefault("16MiB")
  ByteSize original();
}
