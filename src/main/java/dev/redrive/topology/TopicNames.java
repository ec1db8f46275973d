// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import dev.redrive.config.ErrorTopics;
import dev.redrive.config.OwnTopics;
import dev.redrive.config.Settings;
import dev.redrive.config.TopicSettings;
import java.util.regex.Pattern;

/**
 * The topics of one Redrive.
 *
 * @param errors matches every error topic and none of our own
 */
public record TopicNames(
    Pattern errors,
    String commands,
    String outcomes,
    String events,
    String results,
    String ledger,
    String control,
    String changelog) {

  public static TopicNames of(Settings settings) {
    TopicSettings topics = settings.topics();
    return new TopicNames(
        ErrorTopics.of(settings).subscription(),
        topics.commands(),
        topics.outcomes(),
        topics.events(),
        topics.results(),
        topics.ledger(),
        topics.control(),
        OwnTopics.changelog(settings));
  }

  /** Whether a replay to this topic would come straight back, or confuse Redrive itself. */
  boolean refusesReplays(String topic) {
    return errors.matcher(topic).matches()
        || topic.equals(commands)
        || topic.equals(outcomes)
        || topic.equals(events)
        || topic.equals(results)
        || topic.equals(ledger)
        || topic.equals(control)
        || topic.equals(changelog);
  }
}
