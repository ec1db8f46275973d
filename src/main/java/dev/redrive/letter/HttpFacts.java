// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * What lists of failed HTTP deliveries are filtered by.
 *
 * @param callbackState the {@link CallbackState#word} of its failure callback
 */
public record HttpFacts(
    @Nullable String workflowRunId,
    @Nullable String workflowUrl,
    @Nullable String flowControlKey,
    @Nullable String callerIp,
    @Nullable String callbackState) {

  HttpFacts withCallback(CallbackState state) {
    return new HttpFacts(workflowRunId, workflowUrl, flowControlKey, callerIp, state.word());
  }
}
