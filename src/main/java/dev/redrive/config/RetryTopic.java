// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** Where the replays of a pipeline go. */
public sealed interface RetryTopic permits RetryTopic.Named, RetryTopic.Origin {

  /** How {@link Origin} is written; a topic of that name cannot be a retry topic. */
  String ORIGIN = "origin";

  /** To one topic. */
  record Named(String topic) implements RetryTopic {
    @Override
    public String toString() {
      return topic;
    }
  }

  /** To the topic that each record came from before it failed. */
  record Origin() implements RetryTopic {
    @Override
    public String toString() {
      return ORIGIN;
    }
  }

  static RetryTopic parse(String text) {
    return text.equals(ORIGIN) ? new Origin() : new Named(text);
  }

  /**
   * For SmallRye Config, which takes any other interface for a group of settings and asks for the
   * empty text when a value is absent.
   */
  final class FromText implements Converter<RetryTopic> {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable RetryTopic convert(String text) {
      return text.isEmpty() ? null : RetryTopic.parse(text);
    }
  }
}
