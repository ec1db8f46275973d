// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.own.RedriveHeaders;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replay says of itself, so that its failure finds its letter again.
 *
 * @param attempt number of the replay, from 1
 * @param mode {@code restart} or {@code resume}
 * @param more what the one who asked for the replay gave it besides
 */
public record ReplayHeaders(
    LetterId letterId,
    String pipelineId,
    String recordId,
    String runId,
    int attempt,
    @Nullable String priority,
    @Nullable String note,
    @Nullable String requestedBy,
    @Nullable String mode,
    List<Header> more) {

  public ReplayHeaders {
    more = List.copyOf(more);
  }

  /** Without more. */
  public ReplayHeaders(
      LetterId letterId,
      String pipelineId,
      String recordId,
      String runId,
      int attempt,
      @Nullable String priority,
      @Nullable String note,
      @Nullable String requestedBy,
      @Nullable String mode) {
    this(
        letterId,
        pipelineId,
        recordId,
        runId,
        attempt,
        priority,
        note,
        requestedBy,
        mode,
        List.of());
  }

  List<Header> headers() {
    List<Header> headers = new ArrayList<>(9);
    headers.add(Header.utf8(RedriveHeaders.LETTER_ID, letterId.toString()));
    headers.add(Header.utf8(RedriveHeaders.PIPELINE_ID, pipelineId));
    headers.add(Header.utf8(RedriveHeaders.RECORD_ID, recordId));
    headers.add(Header.utf8(RedriveHeaders.RUN_ID, runId));
    headers.add(Header.utf8(RedriveHeaders.ATTEMPT, Integer.toString(attempt)));
    add(headers, RedriveHeaders.PRIORITY, priority);
    add(headers, RedriveHeaders.NOTE, note);
    add(headers, RedriveHeaders.REQUESTED_BY, requestedBy);
    add(headers, RedriveHeaders.REPLAY_MODE, mode);
    headers.addAll(more);
    return headers;
  }

  private static void add(List<Header> headers, String name, @Nullable String value) {
    if (value != null) {
      headers.add(Header.utf8(name, value));
    }
  }
}
