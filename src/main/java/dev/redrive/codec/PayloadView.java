// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.LetterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody was shown payloads of letters, or parts of them.
 *
 * @param requestedBy the key's name
 * @param operation method and path template
 * @param revealed whether they saw through masks
 * @param letters whose; empty where there may be any number, and the filter says which
 * @param filter which letters were asked for; null where they are named
 */
public record PayloadView(
    String requestedBy,
    String operation,
    boolean revealed,
    List<LetterId> letters,
    @Nullable LetterFilter filter)
    implements Audited {

  public PayloadView {
    letters = List.copyOf(letters);
    // What was searched for in a payload is as good as a part of it.
    filter =
        filter == null
            ? null
            : filter.with(new LetterFilter.Text(null, filter.text().recordId(), null, null));
  }
}
