// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import dev.redrive.Redrive;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.topology.LedgerFigures;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Redrive as it is, taking in the benchmark's records. */
final class OurRun {
  private OurRun() {}

  public static void main(String[] args) throws Exception {
    Map<String, String> settings = settings(args[0], args[1], args[2]);
    for (int i = 4; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      settings.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    try (Redrive redrive = Redrive.start(SettingsLoader.of(settings), Clock.systemUTC())) {
      LedgerFigures figures = redrive.figures();
      Measured.run(() -> figures.failures.sum(), Long.parseLong(args[3]));
    }
    System.exit(0);
  }

  static Map<String, String> settings(String bootstrap, String name, String directory) {
    Map<String, String> settings = new HashMap<>();
    settings.put("kafka.bootstrap.servers", bootstrap);
    settings.put("application-id", name);
    settings.put("state-dir", directory);
    settings.put("http.port", "0");
    settings.put("topics.errors", BenchRecords.TOPIC);
    for (String topic : new String[] {"commands", "outcomes", "events", "results"}) {
      settings.put("topics." + topic, name + "-" + topic);
    }
    settings.put("topics.ledger", name + "-ledger");
    settings.put("topics.control", name + "-control");
    settings.put("topics.retry", name + "-retry");
    return settings;
  }
}
