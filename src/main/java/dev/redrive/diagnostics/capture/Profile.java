// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.capture;

import dev.redrive.diagnostics.artifact.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Configuration;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * A recording of what the process does for some time, by the JVM's own recorder. Without the events
 * that would carry secrets: environment variables, system properties and command lines.
 */
public final class Profile implements Content {
  static final List<String> TELLING =
      List.of(
          "jdk.InitialEnvironmentVariable",
          "jdk.InitialSystemProperty",
          "jdk.JVMInformation",
          "jdk.SystemProcess");

  private final Duration length;
  private final CountDownLatch stop;

  /**
   * @param stop ends it before its time, as a failure
   */
  public Profile(Duration length, CountDownLatch stop) {
    this.length = length;
    this.stop = stop;
  }

  @Override
  public void writeTo(Path file, long most) throws IOException, InterruptedException {
    try (Recording recording = new Recording(Configuration.getConfiguration("profile"))) {
      TELLING.forEach(recording::disable);
      requireNoOther();
      recording.setName("redrive");
      recording.setToDisk(true);
      recording.setMaxSize(most);
      recording.start();
      if (stop.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the instance is stopping");
      }
      recording.stop();
      recording.dump(file);
    } catch (ParseException | IllegalStateException e) {
      throw new IOException("this JVM can't record: " + e.getMessage(), e);
    }
  }

  /** What one recording asks for gets into every other that runs at the time. */
  private static void requireNoOther() throws IOException {
    for (Recording other : FlightRecorder.getFlightRecorder().getRecordings()) {
      boolean telling =
          TELLING.stream()
              .anyMatch(event -> "true".equals(other.getSettings().get(event + "#enabled")));
      if (other.getState() == RecordingState.RUNNING && telling) {
        throw new IOException(
            "the recording \""
                + other.getName()
                + "\" runs in this JVM and would bring environment variables into this one; stop it"
                + " first");
      }
    }
  }
}
