// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Files that help with a failure: log bundles, dumps, recordings, and what pipelines upload. */
public interface DiagnosticsSettings {

  @Doc(value = "How long an artifact is kept.", min = "1m", max = "365d")
  @WithDefault("7d")
  Duration keep();

  @Doc(
      value = "Largest artifact; an upload that is larger is refused with 413.",
      min = "64KiB",
      max = "64GiB")
  @WithDefault("256MiB")
  ByteSize maxSize();

  @Doc(
      value =
          "Most that all artifacts of an instance may take on its disk, under `state-dir`. The"
              + " oldest leave to make room for a new one.",
      min = "64KiB",
      max = "1024GiB")
  @WithDefault("1GiB")
  ByteSize maxTotal();

  @Doc("A run that had failures gets a log bundle by itself when it ends or halts.")
  @WithDefault("true")
  boolean runBundles();

  @Doc(
      "Admins may ask for heap dumps. A heap dump holds payloads, keys and passwords in the clear,"
          + " and stops the instance while it is written.")
  @WithDefault("false")
  boolean heapDumps();
}
