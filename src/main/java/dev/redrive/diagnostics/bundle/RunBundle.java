// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.bundle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.redrive.diagnostics.artifact.ArtifactJson;
import dev.redrive.diagnostics.artifact.Content;
import dev.redrive.diagnostics.artifact.Label;
import dev.redrive.diagnostics.artifact.LimitedOutput;
import dev.redrive.letter.LetterId;
import dev.redrive.query.Reading;
import dev.redrive.query.Reading.Read;
import dev.redrive.run.LetterOutcome;
import dev.redrive.run.Run;
import dev.redrive.store.RunLetters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a run, as a zip: {@code run.json}, {@code letters.ndjson} with each
 * letter's outcome, {@code groups.json} with the failure groups and a trace of each, {@code
 * log/<instance>.txt}, and at the end {@code manifest.json}, which says what was left out. Bounded
 * in all of them, and written while it is read.
 */
public final class RunBundle implements Content {
  static final int MOST_LETTERS = 100_000;
  private static final int PAGE = 1_000;
  private static final Set<LetterOutcome> FAILED =
      EnumSet.of(LetterOutcome.FAILED, LetterOutcome.UNCONFIRMED, LetterOutcome.REFUSED);

  private final Run run;
  private final RunSources sources;
  private final Map<String, RunLog.Lines> logs;
  private final Map<String, String> silent;
  private final Label label;
  private final long now;

  /**
   * @param logs by the instance
   * @param silent instances that did not tell what they logged, with the reason
   * @param now epoch milliseconds
   */
  public RunBundle(
      Run run,
      RunSources sources,
      Map<String, RunLog.Lines> logs,
      Map<String, String> silent,
      Label label,
      long now) {
    this.run = run;
    this.sources = sources;
    this.logs = new TreeMap<>(logs);
    this.silent = new TreeMap<>(silent);
    this.label = label;
    this.now = now;
  }

  @Override
  public void writeTo(Path file, long most) throws IOException {
    Set<String> cut = new LinkedHashSet<>();
    FailedLetters failed = new FailedLetters(sources);
    try (ZipOutputStream zip = new ZipOutputStream(new LimitedOutput(file, most))) {
      begin(zip, "run.json");
      zip.write(ArtifactJson.bytes(sources.words().run(run, now)));
      begin(zip, "letters.ndjson");
      writeLetters(zip, failed, cut);
      begin(zip, "groups.json");
      zip.write(ArtifactJson.bytes(failed.groups()));
      cut.addAll(failed.cut());
      writeLogs(zip, cut);
      begin(zip, "manifest.json");
      zip.write(ArtifactJson.bytes(manifest(cut)));
      zip.closeEntry();
    }
  }

  private void writeLetters(ZipOutputStream zip, FailedLetters failed, Set<String> cut)
      throws IOException {
    LetterId after = null;
    for (int written = 0; written < MOST_LETTERS; written += PAGE) {
      Reading<RunLetters> reading = sources.runs().letters(run.id(), null, after, PAGE, true);
      if (!(reading instanceof Read<RunLetters> read)) {
        cut.add("letters.ndjson ends early: the ledger did not answer");
        return;
      }
      if (!read.whole()) {
        cut.add("letters.ndjson lacks letters: some partitions of the ledger did not answer");
      }
      for (RunLetters.Entry letter : read.value().letters()) {
        writeLetter(zip, letter, failed);
        after = letter.id();
      }
      if (!read.value().more() || read.value().letters().isEmpty()) {
        return;
      }
    }
    cut.add("letters.ndjson has the first " + MOST_LETTERS + " letters of the run only");
  }

  private void writeLetter(ZipOutputStream zip, RunLetters.Entry letter, FailedLetters failed)
      throws IOException {
    ObjectNode line = sources.words().letter(letter);
    if (FAILED.contains(letter.line().outcome())) {
      failed.describe(letter.id(), line);
    }
    zip.write(ArtifactJson.bytes(line));
    zip.write('\n');
  }

  private void writeLogs(ZipOutputStream zip, Set<String> cut) throws IOException {
    for (Map.Entry<String, RunLog.Lines> log : logs.entrySet()) {
      begin(zip, "log/" + entryName(log.getKey()) + ".txt");
      for (String line : log.getValue().lines()) {
        zip.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      if (log.getValue().dropped() > 0) {
        cut.add(
            "the log of "
                + log.getKey()
                + " lacks its first "
                + log.getValue().dropped()
                + " lines of this run");
      }
    }
    silent.forEach(
        (instance, reason) -> cut.add("the log of " + instance + " is missing: " + reason));
  }

  private ObjectNode manifest(Set<String> cut) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("format", 1)
        .put("id", label.id())
        .put("run_id", run.id())
        .put("made_at", Instant.ofEpochMilli(now).toString())
        .put("made_by", label.instance())
        .put("requested_by", label.requestedBy())
        .put("redrive", version());
    json.put(
        "shows",
        "what a key sees that may not see through masks; no payloads, no header values; of the log"
            + " the lines that name this run, as far as they are still held in memory");
    var list = json.putArray("cut");
    cut.forEach(list::add);
    return json;
  }

  private static @Nullable String version() {
    return RunBundle.class.getPackage().getImplementationVersion();
  }

  private static void begin(ZipOutputStream zip, String name) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
  }

  /** A peer's address as a name that unpacks anywhere. */
  private static String entryName(String instance) {
    return instance.replaceAll("[^A-Za-z0-9.-]", "_");
  }
}
