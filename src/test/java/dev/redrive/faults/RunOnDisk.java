// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.faults;

import dev.redrive.codec.JournalRow;
import dev.redrive.codec.RowKey;
import dev.redrive.codec.RunRow;
import dev.redrive.letter.LetterId;
import dev.redrive.run.JournalLine;
import dev.redrive.run.Part;
import dev.redrive.run.Run;
import dev.redrive.run.RunSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/** The one run of an installation, as it lies on the disks that nobody has open. */
record RunOnDisk(Run run, Map<LetterId, JournalLine> journal) {

  /** Empty where its coordinator has not written anything yet. */
  static Optional<RunOnDisk> of(LeftOnDisk left) {
    for (Map.Entry<LeftOnDisk.RowAt, Bytes> row : left.rows().entrySet()) {
      byte[] key = row.getKey().key().get();
      if (row.getKey().kind() == RowKey.RUN && RowKey.part(key) == RowKey.SPEC) {
        RunSpec spec = RunRow.decodeSpec(row.getValue().get());
        return Optional.of(new RunOnDisk(run(left, row.getKey().partition(), spec), lines(left)));
      }
    }
    return Optional.empty();
  }

  private static Run run(LeftOnDisk left, int partition, RunSpec spec) {
    List<Part> parts = new ArrayList<>();
    for (int of = 0; of < spec.partitions(); of++) {
      Bytes part = row(left, partition, RowKey.runPart(spec.id(), of));
      parts.add(part == null ? Part.unheard(of) : RunRow.decodePart(part.get()));
    }
    Bytes progress = row(left, partition, RowKey.runProgress(spec.id()));
    return new Run(spec, RunRow.decodeProgress(progress.get()), parts);
  }

  private static Map<LetterId, JournalLine> lines(LeftOnDisk left) {
    Map<LetterId, JournalLine> lines = new HashMap<>();
    left.rows()
        .forEach(
            (row, value) -> {
              if (row.kind() == RowKey.JOURNAL) {
                lines.put(RowKey.journalLetter(row.key().get()), JournalRow.decode(value.get()));
              }
            });
    return lines;
  }

  private static Bytes row(LeftOnDisk left, int partition, byte[] key) {
    return left.rows().get(new LeftOnDisk.RowAt(partition, Bytes.wrap(key)));
  }
}
