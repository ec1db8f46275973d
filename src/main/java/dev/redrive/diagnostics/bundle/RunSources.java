// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.diagnostics.bundle;

import dev.redrive.preview.Masks;
import dev.redrive.query.GroupReader;
import dev.redrive.query.LetterReader;
import dev.redrive.query.RunReader;

/** Where a bundle takes what it tells of a run. */
public record RunSources(
    RunReader runs, LetterReader letters, GroupReader groups, Masks masks, RunWords words) {}
