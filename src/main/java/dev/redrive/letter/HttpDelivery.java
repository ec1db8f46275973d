// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failed HTTP delivery: the request, the last response, the callback. The request's body is the
 * letter's payload, and what lists are filtered by lies in {@link HttpFacts}. Times are epoch
 * milliseconds; null and an empty map mean that the producer did not say.
 */
public record HttpDelivery(
    @Nullable String messageId,
    @Nullable Long workflowCreatedAt,
    @Nullable String url,
    @Nullable String method,
    Map<String, List<String>> header,
    @Nullable Integer maxRetries,
    @Nullable String retryDelayExpression,
    @Nullable Long notBefore,
    @Nullable Long createdAt,
    Response response,
    @Nullable Integer rate,
    @Nullable Integer parallelism,
    @Nullable Integer period,
    @Nullable String callback,
    Map<String, List<String>> callbackHeader,
    @Nullable String failureCallback,
    Map<String, List<String>> failureCallbackHeader,
    Response failureCallbackResponse,
    @Nullable String topicName,
    @Nullable String endpointName,
    @Nullable String queueName,
    @Nullable String scheduleId) {

  /** An answer to an HTTP request; null status: none came. */
  public record Response(
      @Nullable Integer status, Map<String, List<String>> header, @Nullable RawBytes body) {
    public static final Response NONE = new Response(null, Map.of(), null);

    public Response {
      header = Map.copyOf(header);
    }
  }

  /** The same, with what its failure callback answered. */
  public HttpDelivery calledBack(Response answer) {
    return new HttpDelivery(
        messageId,
        workflowCreatedAt,
        url,
        method,
        header,
        maxRetries,
        retryDelayExpression,
        notBefore,
        createdAt,
        response,
        rate,
        parallelism,
        period,
        callback,
        callbackHeader,
        failureCallback,
        failureCallbackHeader,
        answer,
        topicName,
        endpointName,
        queueName,
        scheduleId);
  }

  public HttpDelivery {
    header = Map.copyOf(header);
    callbackHeader = Map.copyOf(callbackHeader);
    failureCallbackHeader = Map.copyOf(failureCallbackHeader);
  }
}
