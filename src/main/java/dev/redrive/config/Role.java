// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

/** What a key may do; each role may do what those before it may. */
public enum Role {
  VIEWER,
  OPERATOR,
  ADMIN
}
