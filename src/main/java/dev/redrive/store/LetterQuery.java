// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.store;

import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import java.util.Optional;
import org.apache.kafka.streams.query.Query;

/** One letter by its id; empty where this partition has none of that id. */
public record LetterQuery(LetterId id) implements Query<Optional<Letter>> {}
