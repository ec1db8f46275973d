// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.Doc;

/** The settings as a table for people, in Markdown. */
final class SettingsDocument {

  private SettingsDocument() {}

  static String table() {
    StringBuilder table =
        new StringBuilder("| setting | default | range | what it does |\n|---|---|---|---|\n");
    for (SettingEntry entry : SettingsTable.all()) {
      table.append(
          String.format(
              "| `%s` | %s | %s | %s |%n",
              entry.shape() == SettingEntry.Shape.MAP ? entry.key() + ".<name>" : entry.key(),
              byDefault(entry),
              range(entry.doc()),
              entry.doc().value()));
    }
    return table.toString();
  }

  private static String byDefault(SettingEntry entry) {
    if (entry.defaultValue() != null) {
      return '`' + entry.defaultValue() + '`';
    }
    if (entry.required()) {
      return "needed";
    }
    return entry.doc().byDefault().isEmpty() ? "none" : entry.doc().byDefault();
  }

  private static String range(Doc doc) {
    if (doc.min().isEmpty() && doc.max().isEmpty()) {
      return "";
    }
    return '`' + doc.min() + "` to `" + doc.max() + '`';
  }
}
