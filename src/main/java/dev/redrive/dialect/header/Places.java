// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.header;

import dev.redrive.dialect.header.HeaderNames.HeaderName;
import dev.redrive.letter.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Topic, partition and offset of a record, for conventions that write the numbers as decimal text.
 */
public final class Places {
  private final HeaderName topic;
  private final HeaderName partition;
  private final HeaderName offset;

  public Places(HeaderNames names, String topic, String partition, String offset) {
    this.topic = names.of(topic);
    this.partition = names.of(partition);
    this.offset = names.of(offset);
  }

  public HeaderName topic() {
    return topic;
  }

  public List<HeaderName> names() {
    return List.of(topic, partition, offset);
  }

  /** Of a convention that appends its headers on each trip. */
  public Hops hops(HeaderScan scan, @Nullable Long timestamp, @Nullable String group) {
    return Hops.read(scan, topic, (from, to) -> in(scan, from, to, timestamp, group));
  }

  /** Of a convention that writes its headers before those that were there. */
  public Hops hopsNewestFirst(HeaderScan scan, @Nullable Long timestamp, @Nullable String group) {
    return Hops.readNewestFirst(scan, topic, (from, to) -> in(scan, from, to, timestamp, group));
  }

  /** Of a convention that replaces its headers: the last of each, wherever they stand. */
  public Source last(HeaderScan scan, @Nullable Long timestamp, @Nullable String group) {
    return in(scan, 0, scan.headers().size(), timestamp, group);
  }

  private Source in(
      HeaderScan scan, int from, int to, @Nullable Long timestamp, @Nullable String group) {
    return new Source(
        scan.text(scan.lastIn(topic, from, to)),
        Hops.partition(scan.decimal(scan.lastIn(partition, from, to))),
        Hops.offset(scan.decimal(scan.lastIn(offset, from, to))),
        timestamp,
        group);
  }
}
