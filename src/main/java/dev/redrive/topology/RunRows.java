// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.codec.JournalRow;
import dev.redrive.codec.RowKey;
import dev.redrive.codec.RunRow;
import dev.redrive.codec.ShareRow;
import dev.redrive.letter.LetterId;
import dev.redrive.run.JournalLine;
import dev.redrive.run.Part;
import dev.redrive.run.Progress;
import dev.redrive.run.Run;
import dev.redrive.run.RunSpec;
import dev.redrive.run.Share;
import dev.redrive.run.ShareSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The rows of runs, shares, journals and slots in one partition's store. */
final class RunRows {
  private static final Serializer<byte[]> BYTES = new ByteArraySerializer();

  private final KeyValueStore<Bytes, byte[]> store;

  RunRows(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
  }

  /** The runs that this partition coordinates, ended ones too. */
  List<Run> runs() {
    List<Run> runs = new ArrayList<>();
    forEach(
        new byte[] {RowKey.RUN},
        (key, value) -> {
          if (RowKey.part(key) == RowKey.SPEC) {
            run(RunRow.decodeSpec(value)).ifPresent(runs::add);
          }
        });
    return runs;
  }

  Optional<Run> run(String runId) {
    byte[] spec = get(RowKey.runSpec(runId));
    return spec == null ? Optional.empty() : run(RunRow.decodeSpec(spec));
  }

  private Optional<Run> run(RunSpec spec) {
    byte[] progress = get(RowKey.runProgress(spec.id()));
    if (progress == null) {
      return Optional.empty();
    }
    List<Part> parts = new ArrayList<>();
    for (int partition = 0; partition < spec.partitions(); partition++) {
      byte[] part = get(RowKey.runPart(spec.id(), partition));
      parts.add(part == null ? Part.unheard(partition) : RunRow.decodePart(part));
    }
    return Optional.of(new Run(spec, RunRow.decodeProgress(progress), parts));
  }

  void write(RunSpec spec) {
    put(RowKey.runSpec(spec.id()), RunRow.encode(spec));
  }

  void write(String runId, Progress progress) {
    put(RowKey.runProgress(runId), RunRow.encode(progress));
  }

  void write(String runId, Part part) {
    put(RowKey.runPart(runId, part.partition()), RunRow.encode(part));
  }

  void remove(Run run) {
    delete(RowKey.runSpec(run.id()));
    delete(RowKey.runProgress(run.id()));
    run.parts().forEach(part -> delete(RowKey.runPart(run.id(), part.partition())));
  }

  /** The run that has the pipeline's slot. */
  Optional<String> slot(String pipelineId) {
    return Optional.ofNullable(get(RowKey.slot(pipelineId)))
        .map(run -> new String(run, StandardCharsets.UTF_8));
  }

  void takeSlot(String pipelineId, String runId) {
    put(RowKey.slot(pipelineId), runId.getBytes(StandardCharsets.UTF_8));
  }

  /** Frees the slot, if it is this run that has it. */
  void freeSlot(String pipelineId, String runId) {
    if (slot(pipelineId).filter(runId::equals).isPresent()) {
      delete(RowKey.slot(pipelineId));
    }
  }

  /** The shares that this partition has, finished ones too. */
  List<ShareSpec> shares() {
    List<ShareSpec> specs = new ArrayList<>();
    forEach(
        new byte[] {RowKey.SHARE},
        (key, value) -> {
          if (RowKey.part(key) == RowKey.SPEC) {
            specs.add(ShareRow.decodeSpec(value));
          }
        });
    return specs;
  }

  Optional<ShareSpec> shareSpec(String runId) {
    return Optional.ofNullable(get(RowKey.shareSpec(runId))).map(ShareRow::decodeSpec);
  }

  Optional<Share> share(String runId) {
    return Optional.ofNullable(get(RowKey.shareProgress(runId))).map(ShareRow::decode);
  }

  void write(ShareSpec spec) {
    put(RowKey.shareSpec(spec.runId()), ShareRow.encode(spec));
  }

  void write(String runId, Share share) {
    put(RowKey.shareProgress(runId), ShareRow.encode(share));
  }

  boolean isForgotten(String runId) {
    return get(RowKey.shareForgetting(runId)) != null;
  }

  /** From now on nothing looks at the share and its journal but what removes them. */
  void beginForgetting(String runId) {
    put(RowKey.shareForgetting(runId), new byte[] {1});
  }

  /**
   * Removes some of the share's journal, and the share itself after the last of it.
   *
   * @return whether all is gone
   */
  boolean forget(String runId, int atMost) {
    List<byte[]> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> lines = store.prefixScan(RowKey.journal(runId), BYTES)) {
      while (lines.hasNext() && keys.size() < atMost) {
        keys.add(lines.next().key.get());
      }
    }
    keys.forEach(this::delete);
    if (keys.size() == atMost) {
      return false;
    }
    delete(RowKey.shareSpec(runId));
    delete(RowKey.shareProgress(runId));
    delete(RowKey.shareForgetting(runId));
    return true;
  }

  @Nullable JournalLine line(String runId, LetterId letter) {
    byte[] line = get(RowKey.journal(runId, letter));
    return line == null ? null : JournalRow.decode(line);
  }

  void write(String runId, LetterId letter, JournalLine line) {
    put(RowKey.journal(runId, letter), JournalRow.encode(line));
  }

  private void forEach(byte[] prefix, BiConsumer<byte[], byte[]> visitor) {
    try (KeyValueIterator<Bytes, byte[]> rows = store.prefixScan(prefix, BYTES)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> row = rows.next();
        visitor.accept(row.key.get(), row.value);
      }
    }
  }

  private byte @Nullable [] get(byte[] key) {
    return store.get(Bytes.wrap(key));
  }

  private void put(byte[] key, byte[] value) {
    store.put(Bytes.wrap(key), value);
  }

  private void delete(byte[] key) {
    store.put(Bytes.wrap(key), null);
  }
}
