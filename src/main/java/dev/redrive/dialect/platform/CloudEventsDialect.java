// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.platform;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import dev.redrive.dialect.convention.Inbound;
import dev.redrive.dialect.convention.Told;
import dev.redrive.dialect.convention.Told.Ids;
import dev.redrive.dialect.convention.Told.Times;
import dev.redrive.dialect.header.HeaderNames;
import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.dialect.header.HeaderScan;
import dev.redrive.dialect.header.MetadataText;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Fidelity;
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent in binary mode that nothing else is known of. Source: CloudEvents 1.0, Kafka
 * protocol binding. Its attributes belong to the event, not to a failure, so they count only where
 * no other convention is found, and stay on a replay. By the specification source and id together
 * name the event once in the world.
 */
public final class CloudEventsDialect implements Dialect {
  private final HeaderName id;
  private final HeaderName source;
  private final HeaderName version;
  private final HeaderName type;
  private final HeaderName subject;

  public CloudEventsDialect(HeaderNames names) {
    id = names.of("ce_id");
    source = names.of("ce_source");
    version = names.of("ce_specversion");
    type = names.of("ce_type");
    subject = names.of("ce_subject");
  }

  @Override
  public String name() {
    return "cloudevents";
  }

  @Override
  public boolean detects(HeaderScan scan) {
    return scan.has(version) && scan.has(id) && scan.has(source);
  }

  @Override
  public int lastWritten(HeaderScan scan) {
    return -1;
  }

  @Override
  public boolean tellsOfFailures() {
    return false;
  }

  @Override
  public List<Told> read(HeaderScan scan, Inbound inbound) {
    return List.of(
        Told.of(
                Ids.message(eventId(scan)),
                FailureError.UNKNOWN,
                Source.UNKNOWN,
                null,
                Times.at(inbound.writtenAt()),
                null,
                Fidelity.ORIGINAL)
            .with(
                new MetadataText(scan.warnings())
                    .put("type", scan.text(type))
                    .put("subject", scan.text(subject))
                    .json()));
  }

  private @Nullable String eventId(HeaderScan scan) {
    String from = scan.text(source);
    String own = scan.text(id);
    return from == null || own == null ? null : from + "|" + own;
  }

  @Override
  public boolean strips(String header) {
    return false;
  }

  @Override
  public About about() {
    return About.of(
            "CloudEvents 1.0, binary mode", "the Kafka protocol binding of CloudEvents 1.0.2")
        .proof("`ce_specversion`, `ce_id` and `ce_source`, and no other dialect")
        .fills("Type and subject as metadata. The record id is `ce_source`, `|`, `ce_id`.")
        .silent("Anything about the failure or where the event lay.");
  }
}
