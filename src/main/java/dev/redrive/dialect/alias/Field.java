// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.alias;

import java.util.Locale;

/** What a header can tell of a failure; named as our own headers are. */
enum Field {
  PIPELINE_ID(Encoding.TEXT),
  RECORD_ID(Encoding.TEXT),
  SOURCE_TOPIC(Encoding.TEXT),
  SOURCE_PARTITION(Encoding.DECIMAL),
  SOURCE_OFFSET(Encoding.DECIMAL),
  SOURCE_TIMESTAMP(Encoding.TIME),
  SOURCE_CONSUMER_GROUP(Encoding.TEXT),
  ERROR_CODE(Encoding.TEXT),
  ERROR_MESSAGE(Encoding.TEXT),
  ERROR_CLASS(Encoding.TEXT),
  ERROR_ROOT_CAUSE(Encoding.TEXT),
  ERROR_STACK_TRACE(Encoding.TEXT),
  FAILED_AT(Encoding.TIME),
  FIRST_FAILED_AT(Encoding.TIME),
  RETRY_COUNT(Encoding.DECIMAL);

  private final Encoding usual;

  Field(Encoding usual) {
    this.usual = usual;
  }

  /** Where the settings name none. */
  Encoding usual() {
    return usual;
  }

  /** Texts are texts; numbers and times may come as any number. */
  boolean allows(Encoding encoding) {
    return encoding == usual || (usual != Encoding.TEXT && encoding.isNumber());
  }

  /** As it is written in the settings. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
