// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

/** What somebody did that is no change of the ledger, and that the audit tells all the same. */
public sealed interface Audited permits PayloadView, ArtifactUse {

  /** The key's name. */
  String requestedBy();
}
