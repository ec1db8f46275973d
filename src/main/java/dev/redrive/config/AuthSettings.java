// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.List;

/** Who may do what over HTTP. */
public interface AuthSettings {

  /** The keys; none means that everybody who can connect may do everything. */
  List<KeySettings> keys();
}
