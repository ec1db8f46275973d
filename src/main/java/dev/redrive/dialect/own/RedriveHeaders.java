// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.own;

import dev.redrive.dialect.Replays;
import java.util.Set;

/**
 * The header names of Redrive's own contract. Values are UTF-8 text; of several headers of one name
 * the last counts.
 *
 * <p>A pipeline that writes dead letters itself sets {@link #ERROR_CODE}, {@link #ERROR_MESSAGE} or
 * {@link #ERROR_CLASS} (one of them proves the dialect) and whatever else it knows, on the record
 * as it failed. A replay carries the first group, and a pipeline that fails it again leaves them
 * on.
 */
public final class RedriveHeaders {
  private static final String PREFIX = "redrive-";

  // On every replay: whose it is. They prove nothing about the dialect.
  public static final String LETTER_ID = PREFIX + "letter-id";

  /** Names the pipeline, 1 to 249 characters. */
  public static final String PIPELINE_ID = PREFIX + "pipeline-id";

  /** Names the record within its pipeline, 1 to 1,000 characters. */
  public static final String RECORD_ID = PREFIX + "record-id";

  public static final String RUN_ID = PREFIX + "run-id";

  /** Number of the replay, from 1, decimal. */
  public static final String ATTEMPT = PREFIX + "attempt";

  public static final String PRIORITY = PREFIX + "priority";
  public static final String NOTE = PREFIX + "note";
  public static final String REQUESTED_BY = PREFIX + "requested-by";
  public static final String REPLAY_MODE = PREFIX + "replay-mode";

  /** {@code reference}: the record is only named, see {@link Replays#reference}. */
  public static final String PAYLOAD = PREFIX + "payload";

  /** The value of {@link #PAYLOAD}. */
  public static final String REFERENCE = "reference";

  // With a failure.
  /** {@code 1}: the value is an envelope, see {@code envelope.json}. */
  public static final String ENVELOPE = PREFIX + "envelope";

  public static final String CONNECTION_ID = PREFIX + "connection-id";
  public static final String PIPELINE_RUN_ID = PREFIX + "pipeline-run-id";

  /** {@code exception} (default) or {@code verification}. */
  public static final String FAILURE_KIND = PREFIX + "failure-kind";

  public static final String ERROR_CODE = PREFIX + "error-code";
  public static final String ERROR_MESSAGE = PREFIX + "error-message";
  public static final String ERROR_CLASS = PREFIX + "error-class";
  public static final String ERROR_ROOT_CAUSE = PREFIX + "error-root-cause";
  public static final String ERROR_STACK_TRACE = PREFIX + "error-stack-trace";

  /** ISO-8601 with a zone, or decimal epoch milliseconds; default: the record's timestamp. */
  public static final String FAILED_AT = PREFIX + "failed-at";

  /** As {@link #FAILED_AT}; default: the failed time. */
  public static final String FIRST_FAILED_AT = PREFIX + "first-failed-at";

  /** How often the pipeline tried before giving up, decimal. */
  public static final String RETRY_COUNT = PREFIX + "retry-count";

  public static final String SOURCE_TOPIC = PREFIX + "source-topic";
  public static final String SOURCE_PARTITION = PREFIX + "source-partition";
  public static final String SOURCE_OFFSET = PREFIX + "source-offset";

  /** As {@link #FAILED_AT}. */
  public static final String SOURCE_TIMESTAMP = PREFIX + "source-timestamp";

  public static final String SOURCE_CONSUMER_GROUP = PREFIX + "source-consumer-group";

  /** May be repeated, one label each. */
  public static final String LABEL = PREFIX + "label";

  /** Followed by a name: one entry of the letter's metadata. */
  public static final String METADATA_PREFIX = PREFIX + "metadata-";

  // On the outcome topic.
  /** {@code succeeded} or {@code failed}. */
  public static final String OUTCOME = PREFIX + "outcome";

  private static final Set<String> ALL =
      Set.of(
          LETTER_ID,
          PIPELINE_ID,
          RECORD_ID,
          RUN_ID,
          ATTEMPT,
          PRIORITY,
          NOTE,
          REQUESTED_BY,
          REPLAY_MODE,
          PAYLOAD,
          ENVELOPE,
          CONNECTION_ID,
          PIPELINE_RUN_ID,
          FAILURE_KIND,
          ERROR_CODE,
          ERROR_MESSAGE,
          ERROR_CLASS,
          ERROR_ROOT_CAUSE,
          ERROR_STACK_TRACE,
          FAILED_AT,
          FIRST_FAILED_AT,
          RETRY_COUNT,
          SOURCE_TOPIC,
          SOURCE_PARTITION,
          SOURCE_OFFSET,
          SOURCE_TIMESTAMP,
          SOURCE_CONSUMER_GROUP,
          LABEL,
          OUTCOME);

  private RedriveHeaders() {}

  /** Whether it is one of ours, which a replay sets anew or leaves out. */
  public static boolean isOurs(String header) {
    return header.startsWith(PREFIX)
        && (ALL.contains(header) || header.startsWith(METADATA_PREFIX));
  }
}
