// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.kafka;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Strip;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.Hops;
import dev.redrive.dialect.header.Places;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters that the broker writes for a share group (KIP-1191). Source: {@code
 * DefaultShareGroupDLQManager} of Kafka 4.4.0. Numbers are decimal text. The record's own headers
 * and timestamp are never copied, so no header of ours survives either; key and value are there
 * only if the group copies records, and even then not where the broker could no longer read them.
 */
public final class ShareGroupDialect implements Dialect {
  private static final Strip STRIP = Strip.prefixes("__dlq.errors.");
  private static final String REJECTED = "Offset rejected by client.";
  private static final String EXHAUSTED = "Offset delivery count exceeded the threshold.";

  private final Places places;
  private final HeaderName group;
  private final HeaderName offset;
  private final HeaderName deliveries;
  private final HeaderName message;

  public ShareGroupDialect(HeaderNames names) {
    places =
        new Places(names, "__dlq.errors.topic", "__dlq.errors.partition", "__dlq.errors.offset");
    offset = names.of("__dlq.errors.offset");
    group = names.of("__dlq.errors.group");
    deliveries = names.of("__dlq.errors.delivery.count");
    message = names.of("__dlq.errors.message");
  }

  @Override
  public String name() {
    return "share-group";
  }

  @Override
  public boolean dropsHeaders() {
    return true;
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(group) && scan.has(offset);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return Dialect.lastOf(scan, List.of(group, offset, deliveries, message));
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    String groupId = scan.text(group);
    Source source = places.last(scan, null, groupId);
    String said = scan.text(message);
    return List.of(
        Told.of(
            Ids.pipeline(groupId),
            new FailureError(code(said), said, null, null, null),
            source,
            source.topic(),
            Times.at(inbound.writtenAt()),
            Hops.partition(scan.decimal(scan.last(deliveries))),
            fidelity(inbound.raw())));
  }

  private static @Nullable String code(@Nullable String message) {
    if (REJECTED.equals(message)) {
      return "CLIENT_REJECTED";
    }
    return EXHAUSTED.equals(message) ? "DELIVERY_COUNT_EXCEEDED" : null;
  }

  /** A pointer to the record, not a tombstone: that has its key. */
  private static Fidelity fidelity(RawRecord raw) {
    return raw.key() == null && raw.value() == null ? Fidelity.MISSING : Fidelity.ORIGINAL;
  }

  @Override
  public boolean strips(String header) {
    return STRIP.matches(header);
  }

  @Override
  public About about() {
    return About.of(
            "Share groups of Kafka 4.4 and later (KIP-1191)",
            "`DefaultShareGroupDLQManager` of Kafka 4.4.0")
        .proof("`__dlq.errors.group` and `__dlq.errors.offset`")
        .pipeline("the group")
        .origin("`__dlq.errors.*`")
        .fills(
            "Deliveries as `retry_count`; error code `CLIENT_REJECTED` or"
                + " `DELIVERY_COUNT_EXCEEDED`, by the broker's message.")
        .silent(
            "Exception and stack trace. The record's headers and timestamp are lost in any case;"
                + " without a copy the letter is a pointer without a payload.")
        .setUp(
            "Group: `errors.deadletterqueue.topic.name`, and"
                + " `errors.deadletterqueue.copy.record.enable=true` for key and value, which is"
                + " off by default. Error topic: `errors.deadletterqueue.group.enable=true`.")
        .strips(STRIP.texts());
  }
}
