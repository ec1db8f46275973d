// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

/**
 * Asks for more of an open scan.
 *
 * @param id as the scan was answered with
 * @param close ends it instead
 */
record ScanRequest(String id, boolean close) {
  static final String NAME = "scan_next";
}
