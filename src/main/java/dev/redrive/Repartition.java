// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import dev.redrive.cli.CommandLineInterface;
import dev.redrive.cli.RepartitionOptions;
import dev.redrive.topology.repartition.Repartitioning;
import dev.redrive.topology.repartition.Repartitioning.Moved;
import dev.redrive.topology.repartition.Repartitioning.RefusedException;
import dev.redrive.topology.topics.AdminAccess;
import dev.redrive.topology.topics.WrongTopicsException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** The command {@code repartition}: letters to a ledger with more partitions. */
final class Repartition {
  private Repartition() {}

  static int run(RepartitionOptions options) {
    try (Admin admin = AdminAccess.open(options.to())) {
      Moved moved = new Repartitioning(admin, options.from(), options.to()).run();
      options
          .out()
          .println(
              "Moved "
                  + moved.letters()
                  + " letters to "
                  + moved.partitions()
                  + " partitions. Start all instances with the new settings; never start "
                  + options.from().applicationId()
                  + " again.");
      return CommandLineInterface.DONE;
    } catch (RefusedException | WrongTopicsException | KafkaException e) {
      options.err().println(e.getMessage());
      return CommandLineInterface.FAILED;
    }
  }
}
