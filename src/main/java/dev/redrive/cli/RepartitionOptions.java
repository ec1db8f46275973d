// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.cli;

import dev.redrive.config.Settings;
import java.io.PrintWriter;

/**
 * A ledger whose letters are to be moved.
 *
 * @param from settings of the Redrive until now
 * @param to settings of the one from now on
 * @param out for what was done
 * @param err for why it was not
 */
public record RepartitionOptions(Settings from, Settings to, PrintWriter out, PrintWriter err) {}
