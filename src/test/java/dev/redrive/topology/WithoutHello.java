// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import org.apache.kafka.streams.Topology;

/** A graph whose tasks punctuate without a hello, to show what happens then. */
public final class WithoutHello {
  private WithoutHello() {}

  public static Topology of(RedriveTopology topology) {
    return topology.get(None::new);
  }

  private static final class None extends Hello {
    @Override
    boolean send() {
      return false;
    }

    @Override
    boolean heard() {
      return true;
    }
  }
}
