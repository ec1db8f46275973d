// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The names of this family for what is no HTTP delivery: the letter of a Kafka record. Whoever
 * filters by such a name finds the letter that shows it.
 */
final class Ordinary {
  static final String TOPIC = "kafka://";
  static final String RUN = "wfr_";
  static final String MESSAGE = "msg_";

  private static final String OUR_RUN = "run_";

  private Ordinary() {}

  static boolean is(Letter letter) {
    return letter.detail().http() == null && letter.head().facts().http() == null;
  }

  /** The topic that the record failed on; nothing after the slashes where nobody knows it. */
  static String url(Letter letter) {
    String topic = letter.head().facts().sourceTopic();
    return TOPIC + (topic == null ? "" : topic);
  }

  static String messageId(LetterId id) {
    return MESSAGE + id.body();
  }

  /** Of the letter's last run; of a letter that was never in one, its own. */
  static String workflowRunId(Letter letter) {
    String run = letter.head().lastRunId();
    return run == null ? RUN + letter.id().body() : workflowRunId(run);
  }

  static String workflowRunId(String runId) {
    return RUN + bare(runId);
  }

  /** The message that a run sends. */
  static String messageId(@Nullable String runId) {
    return MESSAGE + (runId == null ? "" : bare(runId));
  }

  /** The letter that an id of a run or a message may stand for. */
  static Optional<LetterId> letter(String prefix, String id) {
    return id.startsWith(prefix)
        ? LetterId.parse(LetterId.PREFIX + id.substring(prefix.length()))
        : Optional.empty();
  }

  private static String bare(String runId) {
    return runId.startsWith(OUR_RUN) ? runId.substring(OUR_RUN.length()) : runId;
  }
}
