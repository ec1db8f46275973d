// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ids that a message keeps wherever it is published again. Whoever switches them on says that each
 * is one record: a producer that uses one twice has two records in one letter.
 */
final class MessageIds {
  /** Names of headers, the most telling first. */
  static final List<String> HEADERS =
      List.of("_watermill_message_uuid", "MessageId", "NServiceBus.MessageId", "axon-message-id");

  private final HeaderName eventId;
  private final HeaderName eventSource;
  private final List<HeaderName> others = new ArrayList<>();

  MessageIds(HeaderNames names) {
    eventId = names.of("ce_id");
    eventSource = names.of("ce_source");
    HEADERS.forEach(name -> others.add(names.of(name)));
  }

  /** Null where the record carries none. */
  @Nullable String of(HeaderScan scan) {
    String source = scan.text(eventSource);
    String id = scan.text(eventId);
    if (source != null && id != null) {
      return source + "|" + id;
    }
    for (HeaderName name : others) {
      String text = scan.text(name);
      if (text != null && !text.isEmpty()) {
        return text;
      }
    }
    return null;
  }
}
