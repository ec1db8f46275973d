// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A payload in a form that can be read.
 *
 * @param format what it is; {@code BINARY} where nobody knows
 * @param schema the one that it says it is of; null where it says none or that one is not known
 * @param value the payload as JSON, where its own bytes are not JSON
 * @param hex the first bytes of a binary one, two digits each
 * @param tried what did not work, for a person
 */
public record Preview(
    Format format,
    @Nullable SchemaName schema,
    @Nullable JsonNode value,
    @Nullable String hex,
    List<String> tried) {

  /** What a payload may be. */
  public enum Format {
    /** The record has no value, or the letter no record. */
    NONE,
    JSON,
    TEXT,
    AVRO,
    PROTOBUF,
    BINARY,
    /** Masks hide it whole. */
    HIDDEN
  }

  /**
   * A schema in the registry.
   *
   * @param subjects under which it is registered; empty where the registry did not say
   */
  public record SchemaName(int id, List<String> subjects) {
    public SchemaName {
      subjects = List.copyOf(subjects);
    }
  }

  public Preview {
    tried = List.copyOf(tried);
  }
}
