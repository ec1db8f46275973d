// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The topics that Redrive writes or commands come in by: none of them may be an error topic. */
public final class OwnTopics {

  private OwnTopics() {}

  /** The topic that keeps the letters, as Kafka Streams names it. */
  public static String changelog(Settings settings) {
    return settings.applicationId() + "-letters-changelog";
  }

  /** Setting to topic, retry topics of pipelines included. */
  public static Map<String, String> bySetting(Settings settings) {
    TopicSettings topics = settings.topics();
    Map<String, String> names = new LinkedHashMap<>();
    names.put("topics.commands", topics.commands());
    names.put("topics.outcomes", topics.outcomes());
    names.put("topics.retry", topics.retry());
    names.put("topics.events", topics.events());
    names.put("topics.results", topics.results());
    names.put("topics.ledger", topics.ledger());
    names.put("topics.control", topics.control());
    names.put("application-id", changelog(settings));
    for (int i = 0; i < settings.pipelines().size(); i++) {
      if (settings.pipelines().get(i).retryTopic().orElse(null) instanceof RetryTopic.Named retry) {
        names.put("pipelines[" + i + "].retry-topic", retry.topic());
      }
    }
    return names;
  }
}
