// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import org.jspecify.annotations.Nullable;

/**
 * What lists of failed HTTP deliveries are filtered by.
 *
 * @param callbackState one of CALLBACK_INPROGRESS, _SUCCESS, _FAIL, _CANCELED
 */
public record HttpFacts(
    @Nullable String workflowRunId,
    @Nullable String workflowUrl,
    @Nullable String flowControlKey,
    @Nullable String callerIp,
    @Nullable String callbackState) {}
