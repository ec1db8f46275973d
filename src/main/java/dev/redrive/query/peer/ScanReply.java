// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.letter.Letter;
import java.util.List;

/** The next letters of a scan, and whether they were the last. */
record ScanReply(List<Letter> letters, boolean ended) {}
