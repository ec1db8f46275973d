// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;

/** Reading of error topics. */
public interface ErrorSettings {

  @Doc(
      "Where reading an error topic begins: `earliest`, `latest`, or a time such as"
          + " `2026-01-31T00:00:00Z`. Only for topics that this application has not read before.")
  @WithDefault("earliest")
  @WithConverter(StartAt.FromText.class)
  StartAt start();

  @Doc(
      value =
          "The same for one topic: `errors.starts.<topic>`. Not from the environment, which cannot"
              + " spell topic names.",
      byDefault = "`errors.start`")
  Map<String, @WithConverter(StartAt.FromText.class) StartAt> starts();

  @Doc(
      value =
          "The dialect of one topic, whatever its records' headers prove: `errors.dialects.<topic>`."
              + " The only way to dialects whose proof is in the value (`kstreamplify`,"
              + " `aws-lambda`, `ksqldb`, `vector`); `unknown` reads none. Not from the environment.",
      byDefault = "by its headers")
  Map<String, String> dialects();

  @Doc(
      "Whether a message's own id (`ce_source` and `ce_id`, `_watermill_message_uuid`, `MessageId`,"
          + " `NServiceBus.MessageId`, `axon-message-id`) names a record before the place where it"
          + " lay does. On, two records with one id are one letter.")
  @WithDefault("false")
  boolean messageIds();

  /** Headers of applications' own. */
  List<AliasSettings> aliases();
}
