// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the whole record of a letter lies, of which the letter has only a part or nothing.
 *
 * @param topicId the broker's id of the topic, where known: in a topic that was made again another
 *     record has this place
 * @param bytes about how large it is; negative: unknown
 */
public record Original(Coordinates place, @Nullable UUID topicId, long bytes) {}
