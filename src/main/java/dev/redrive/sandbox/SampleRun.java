// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import dev.redrive.sandbox.sample.SamplePipeline;
import dev.redrive.sandbox.sample.SampleTopics;
import java.io.PrintStream;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/** The sample pipeline alone, as a program. */
public final class SampleRun {
  private SampleRun() {}

  /**
   * Runs until Ctrl-C or SIGTERM, then stops within ten seconds.
   *
   * @param err gets why it did not start, one line
   * @return the exit code: 0, or 1 if it did not start
   */
  public static int run(String bootstrapServers, PrintStream out, PrintStream err) {
    Map<String, String> kafka = Map.of("bootstrap.servers", bootstrapServers);
    try (SamplePipeline sample = SamplePipeline.start(kafka, SampleTopics.DEFAULT)) {
      StopSignal signal = StopSignal.on(sample::close);
      out.println("The sample pipeline runs against " + bootstrapServers + ". Ctrl-C stops it.");
      signal.await();
      return 0;
    } catch (KafkaException e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      err.println("The sample pipeline did not start against " + bootstrapServers + ": " + why);
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
