// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import dev.redrive.run.PlanCell;
import dev.redrive.run.Sums;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts of a run as bytes. */
final class SumsCodec {

  private SumsCodec() {}

  static void write(ByteWriter out, Sums sums) {
    out.number(sums.matched())
        .list(sums.skipped().entrySet(), (w, e) -> w.text(e.getKey()).number(e.getValue()))
        .number(sums.replayed())
        .number(sums.succeeded())
        .number(sums.failed())
        .number(sums.unconfirmed())
        .number(sums.discarded())
        .number(sums.inferred());
  }

  static Sums read(ByteReader in) {
    long matched = in.number();
    SortedMap<String, Long> skipped = new TreeMap<>();
    in.list(r -> skipped.put(r.text(), r.number()));
    return new Sums(
        matched,
        skipped,
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number(),
        in.number());
  }

  static void writePlan(ByteWriter out, SortedMap<PlanCell, Long> plan) {
    out.list(
        plan.entrySet(),
        (w, e) ->
            w.text(e.getKey().pipelineId())
                .text(e.getKey().errorCode())
                .text(e.getKey().target())
                .text(e.getKey().refusal())
                .number(e.getValue()));
  }

  static SortedMap<PlanCell, Long> readPlan(ByteReader in) {
    SortedMap<PlanCell, Long> plan = new TreeMap<>();
    in.list(
        r ->
            plan.put(
                new PlanCell(r.text(), r.optionalText(), r.optionalText(), r.optionalText()),
                r.number()));
    return plan;
  }

  static void writeHeldUp(ByteWriter out, SortedMap<String, Long> heldUp) {
    out.list(heldUp.entrySet(), (w, e) -> w.text(e.getKey()).number(e.getValue()));
  }

  static SortedMap<String, Long> readHeldUp(ByteReader in) {
    SortedMap<String, Long> heldUp = new TreeMap<>();
    in.list(r -> heldUp.put(r.text(), r.number()));
    return heldUp;
  }
}
