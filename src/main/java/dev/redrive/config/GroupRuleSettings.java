// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config;

import io.smallrye.config.WithName;
import java.util.List;
import java.util.Optional;

/** One rule that names a group. All that is given must fit. */
public interface GroupRuleSettings {

  @Doc("Name of the group. Rules of one name make one group, over all pipelines.")
  String name();

  @WithName("class")
  @Doc(
      "Class of the error or of its root cause; with `*` at its end, the start of their names:"
          + " `java.net.*`.")
  Optional<String> className();

  @Doc("A part of the error message.")
  Optional<String> message();

  @Doc(value = "Ids of the pipelines that it is for.", byDefault = "all")
  Optional<List<String>> pipelines();
}
