// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What one pipeline does with a record. */
interface Work {

  String pipelineId();

  String inputTopic();

  /** Empty where the record is done. The same record done twice must be done once. */
  Optional<Failed> process(ConsumerRecord<byte[], byte[]> record);

  /** Called once, when a record is given up and before its dead letter is written. */
  default Failed giveUp(ConsumerRecord<byte[], byte[]> record, Failed failed) {
    return failed;
  }

  /** Whether what was processed before a start must be gone through again, to remember it. */
  default boolean remembersInMemory() {
    return false;
  }
}
