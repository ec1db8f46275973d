// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.run.Run;
import java.util.Optional;
import org.apache.kafka.streams.query.Query;

/** One run; empty where this partition coordinates none of that id. */
public record RunQuery(String runId) implements Query<Optional<Run>> {}
