// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;

/** The letter store. */
public interface StoreSettings {

  @Doc(
      "Write-ahead log: `on`; `off`, which restores more after a crash; `fsync`, which loses"
          + " nothing when the machine fails. What each costs: docs/benchmarks.md.")
  @WithDefault("on")
  WriteAheadLog wal();

  @Doc(
      value = "Cache for blocks read from disk, shared by all stores of the instance.",
      min = "1MiB",
      max = "1024GiB",
      byDefault = "an eighth of the memory, at most 512MiB")
  ByteSize blockCache();

  @Doc(
      value = "Memory for writes not yet on disk, shared by all stores of the instance.",
      min = "1MiB",
      max = "1024GiB",
      byDefault = "a sixteenth of the memory, at most 256MiB")
  ByteSize writeBuffers();
}
