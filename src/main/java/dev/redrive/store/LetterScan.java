// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.Letter;
import java.util.List;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * The answer to a {@link ScanQuery}: letters of one state of the store, some at a time, in a memory
 * that does not grow with their number. Any thread may close it while another reads.
 */
public interface LetterScan extends AutoCloseable {

  /**
   * The next letters; none, though more may follow, where few of those looked at fit.
   *
   * @throws InvalidStateStoreException where it was closed, because its partition moved or it took
   *     too long
   */
  List<Letter> next();

  /** Whether {@link #next} has nothing more to give. */
  boolean ended();

  @Override
  void close();
}
