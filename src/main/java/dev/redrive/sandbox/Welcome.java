// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import dev.redrive.letter.LetterId;
import dev.redrive.sandbox.sample.SamplePipeline;

/** What a person reads when the sandbox is ready. */
final class Welcome {
  private Welcome() {}

  static String text(int httpPort, String kafka, DataDir data) {
    String url = "http://" + Ports.HOST + ":" + httpPort;
    String auth = "-H 'Authorization: Bearer " + Sandbox.API_KEY + "'";
    LetterId letter = LetterId.of(SamplePipeline.PASSING_PIPELINE, SamplePipeline.PASSING_RECORD);
    return """

        The sandbox is ready.

          Redrive  %1$s  (API key: %2$s)
          Kafka    %3$s
          Data     %4$s

        A small shop fails on some of its records. See which:

          curl -s %5$s '%1$s/api/dlq?limit=5'

        how many, and why:

          curl -s %5$s %1$s/api/dlq/stats

        Send a payment back that met a time-out. It works now, so its letter goes:

          curl -s -X POST %5$s %1$s/api/dlq/%6$s/reprocess

        Fail an order yourself, or watch what happens:

          echo 'no order' | kcat -P -b %3$s -t sample-orders
          kcat -C -b %3$s -t redrive-events

        Ctrl-C stops it.
        """
        .formatted(url, Sandbox.API_KEY, kafka, place(data), auth, letter);
  }

  private static String place(DataDir data) {
    return data.temporary() ? data.root() + "  (removed on exit)" : data.root().toString();
  }
}
