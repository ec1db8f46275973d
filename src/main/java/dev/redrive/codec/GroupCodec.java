// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.letter.FailureGroup;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@link FailureGroup} as bytes. */
public final class GroupCodec {
  private static final int VERSION = 1;

  /** A group without letters is remembered for so long, to be known when it comes back. */
  private static final long MEMORY = Duration.ofDays(90).toMillis();

  private GroupCodec() {}

  public static byte[] encode(FailureGroup group) {
    return new ByteWriter(256)
        .u8(VERSION)
        .number(forgetAt(group))
        .text(group.id())
        .text(group.title())
        .number(group.firstSeen())
        .number(group.lastSeen())
        .number(group.times())
        .number(group.cameBack())
        .number(group.emptySince())
        .list(
            group.occupied().entrySet(),
            (out, pipeline) ->
                out.text(pipeline.getKey())
                    .list(pipeline.getValue(), (numbers, number) -> numbers.number(number)))
        .done();
  }

  public static FailureGroup decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    in.version("a failure group", VERSION);
    in.number();
    FailureGroup group =
        new FailureGroup(
            in.text(),
            in.text(),
            in.number(),
            in.number(),
            in.integer(),
            in.number(),
            in.number(),
            occupied(in));
    in.end("a failure group");
    return group;
  }

  /** As {@link Deadline} has it; one that has letters is not forgotten. */
  private static long forgetAt(FailureGroup group) {
    return group.emptySince() == 0 ? Long.MAX_VALUE - 1 : group.emptySince() + MEMORY;
  }

  private static SortedMap<String, SortedSet<Integer>> occupied(ByteReader in) {
    SortedMap<String, SortedSet<Integer>> occupied = new TreeMap<>();
    in.list(pipeline -> Map.entry(pipeline.text(), pipeline.list(ByteReader::integer)))
        .forEach(each -> occupied.put(each.getKey(), new TreeSet<>(each.getValue())));
    return occupied;
  }
}
