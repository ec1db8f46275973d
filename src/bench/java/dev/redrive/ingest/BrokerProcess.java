// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.ingest;

import dev.redrive.sandbox.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A broker in a process of its own, until it is told to end. */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    EmbeddedBroker broker = EmbeddedBroker.start(Path.of(args[0], "broker"), 0, Map.of());
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-stop"));
    System.out.println("listening on " + broker.bootstrapServers());
    new CountDownLatch(1).await();
  }
}
