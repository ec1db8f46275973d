// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.pipelines;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.http.IsoTime;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterHead;
import dev.redrive.letter.LetterState;
import dev.redrive.preview.Masks;
import java.util.Locale;

/** A letter as this family's dead letter. */
final class EntryJson {
  private final Masks masks;

  EntryJson(Masks masks) {
    this.masks = masks;
  }

  ObjectNode write(Letter stored, boolean reveals) {
    Letter letter = masks.seen(stored, reveals).letter();
    LetterHead head = letter.head();
    boolean retrying = head.status() == LetterState.Status.RETRYING;
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", letter.id().pipelinesText())
        .put("source_record_id", head.facts().recordId())
        // One that is parked waits as well: /process takes it.
        .put("status", retrying ? "retrying" : "pending")
        .put("error_message", letter.detail().error().message())
        .put("last_run_id", head.lastRunId())
        .put("attempt_count", head.attemptCount())
        .put("origin", head.facts().origin().name().toLowerCase(Locale.ROOT))
        .put("created_at", IsoTime.write(head.createdAt()))
        .put("updated_at", IsoTime.write(head.updatedAt()));
  }
}
