// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cli;

import dev.redrive.config.Settings;
import java.io.PrintWriter;
import java.io.Reader;
import java.util.Optional;

/**
 * A record to be explained.
 *
 * @param settings whose pipelines and dialects count; empty: none do
 * @param record JSON, to its end
 * @param out for the explanation
 * @param err for what is wrong with the record
 */
public record ExplainOptions(
    Optional<Settings> settings, Reader record, PrintWriter out, PrintWriter err) {}
