// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query;

import dev.redrive.letter.LetterId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** Which partition of the ledger owns a letter: the default partitioner's choice for its id. */
public final class LetterPartition {
  private LetterPartition() {}

  public static int of(LetterId id, int partitions) {
    byte[] text = id.toString().getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(text)) % partitions;
  }
}
