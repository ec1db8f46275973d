// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cluster;

import dev.redrive.faults.Installation;
import dev.redrive.faults.RedriveProcess;
import dev.redrive.testkit.DeskClient;
import dev.redrive.testkit.FreePort;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** One of the instances: started, stopped, killed and started again with the same settings. */
final class Member implements AutoCloseable {
  private static final String SECRET = "known to all three";

  private final Installation installation;
  private final Map<String, String> settings;
  private final int port;
  private final DeskClient desk;
  private final Proxy door;
  private RedriveProcess process;

  /**
   * It does not run yet.
   *
   * @param installation with a state directory of its own
   * @param more settings that win over those chosen here
   */
  Member(Installation installation, Map<String, String> more) throws IOException {
    this.installation = installation;
    this.port = FreePort.find();
    this.desk = new DeskClient(port);
    this.door = Proxy.to(port);
    this.settings = new HashMap<>(installation.settings());
    settings.keySet().removeIf(key -> key.startsWith("kafka.") && !key.endsWith(".servers"));
    settings.put("http.port", String.valueOf(port));
    settings.put("http.drain", "1s");
    settings.put("stream-threads", "1");
    settings.put("store.block-cache", "16MiB");
    settings.put("store.write-buffers", "16MiB");
    // The others come by a way that can be cut; who tests comes straight.
    settings.put("peers.advertised", "http://127.0.0.1:" + door.port());
    settings.put("peers.secret", SECRET);
    // Seven processes on a small machine: one that is only slow must not pass for one that hangs.
    settings.put("peers.timeout", "3s");
    settings.putAll(more);
  }

  /** Returns when it listens. */
  Member start() throws IOException {
    process = RedriveProcess.serve(installation, settings);
    return this;
  }

  Member awaitReady() {
    process.awaitReady();
    return this;
  }

  DeskClient desk() {
    return desk;
  }

  int port() {
    return port;
  }

  RedriveProcess process() {
    return process;
  }

  /** How its peers reach it. */
  Proxy door() {
    return door;
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    door.close();
  }
}
