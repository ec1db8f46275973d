// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import dev.redrive.letter.Letter;
import dev.redrive.letter.RawRecord;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sees of a letter. Whatever leaves the process about a letter's detail is taken from
 * here and not from the stored letter; what is replayed never is.
 *
 * @param letter the letter as they may see it. Where something is masked, its raw record is the
 *     payload and no longer the envelope around it, so {@code payload} is to be shown, and not what
 *     the dialect would unwrap once more
 * @param payload the record that a replay sends, as they may see it; null where the letter holds
 *     none
 * @param hidden why the payload's value is left out, for a person; null where it is not
 */
public record Seen(Letter letter, @Nullable RawRecord payload, @Nullable String hidden) {}
