// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import dev.redrive.dialect.convention.Dialect;
import dev.redrive.letter.Grouping;
import java.util.Optional;

/** Rules with another grouping. */
record RegroupedRules(DialectRules rules, Grouping grouping) implements DialectRules {
  @Override
  public Optional<String> pipelineOf(String topic) {
    return rules.pipelineOf(topic);
  }

  @Override
  public Optional<String> dialectOf(String topic) {
    return rules.dialectOf(topic);
  }

  @Override
  public Optional<Dialect> aliasOf(String topic) {
    return rules.aliasOf(topic);
  }

  @Override
  public boolean messageIds() {
    return rules.messageIds();
  }
}
