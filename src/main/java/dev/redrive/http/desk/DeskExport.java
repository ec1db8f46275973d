// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.desk;

import dev.redrive.filter.LetterFilter;
import dev.redrive.http.Caller;
import dev.redrive.http.Connections;
import dev.redrive.http.FilterParameters;
import dev.redrive.http.IsoTime;
import dev.redrive.http.Parameters;
import dev.redrive.http.Problem;
import dev.redrive.http.Views;
import dev.redrive.letter.Letter;
import dev.redrive.preview.Previews;
import dev.redrive.query.LetterExports;
import dev.redrive.query.LetterExports.Export;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Export: letters as a file, written while they are read, so the memory it takes does not grow with
 * their number. What goes wrong after the first bytes cuts the connection: a file that just ends
 * would look whole.
 */
final class DeskExport {
  private static final Logger LOGGER = LoggerFactory.getLogger(DeskExport.class);

  /** Each holds a thread and snapshots, for as long as its client takes to read. */
  private static final int AT_ONCE = 4;

  private static final int BUFFER = 32 * 1024;
  private static final int MAX_TEXT = 1_000;
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Set<String> FORMATS =
      Stream.of(ExportFormat.values())
          .map(DeskExport::word)
          .collect(Collectors.toCollection(TreeSet::new));

  private final LetterExports exports;
  private final LetterJson shown;
  private final Clock clock;
  private final Semaphore free = new Semaphore(AT_ONCE);

  DeskExport(LetterExports exports, Previews previews, Clock clock) {
    this.exports = exports;
    this.shown = new LetterJson(previews);
    this.clock = clock;
  }

  void export(Context request) throws IOException {
    Parameters parameters =
        Parameters.of(request, FilterParameters.ATTRIBUTES, FilterParameters.and("format"));
    ExportFormat format = format(parameters);
    Caller caller = Caller.of(request);
    LetterFilter filter = FilterParameters.visible(FilterParameters.read(parameters), caller);
    if (!free.tryAcquire()) {
      throw Problem.unavailable(
          AT_ONCE + " exports are under way, and no more run at once; try again later", List.of());
    }
    try (Export export = Answers.require(exports.open(filter)).value()) {
      Views.of(request, filter);
      write(request, format, export, caller.reveals());
    } finally {
      free.release();
    }
  }

  private void write(Context request, ExportFormat format, Export export, boolean reveals)
      throws IOException {
    long now = clock.millis();
    String name = "redrive-letters-" + FILE_TIME.format(Instant.ofEpochMilli(now));
    request
        .status(200)
        .contentType(format.type())
        .header(
            "Content-Disposition", "attachment; filename=\"" + name + "." + word(format) + "\"");
    if (request.method().equals(HandlerType.HEAD)) {
      return;
    }
    try {
      OutputStream out = new BufferedOutputStream(request.outputStream(), BUFFER);
      ExportFormat.Writer writer = format.writer(out, IsoTime.write(now));
      long count = 0;
      for (List<Letter> letters = export.next(); !letters.isEmpty(); letters = export.next()) {
        for (Letter letter : letters) {
          writer.write(shown.exported(letter, reveals));
          count++;
        }
      }
      writer.end(count);
      out.flush();
    } catch (IOException | IllegalStateException e) {
      // Of the client the log need not tell; of a store that moved, it should.
      LOGGER
          .atLevel(
              e instanceof IOException ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.WARN)
          .addKeyValue("reason", e.getMessage())
          .log("an export ended early");
      Connections.cut(request);
    }
  }

  private static ExportFormat format(Parameters parameters) {
    String word = parameters.text("format", MAX_TEXT).orElse("json");
    if (!FORMATS.contains(word)) {
      throw Problem.field("format", "must be one of " + String.join(", ", FORMATS));
    }
    return ExportFormat.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static String word(ExportFormat format) {
    return format.name().toLowerCase(Locale.ROOT);
  }
}
