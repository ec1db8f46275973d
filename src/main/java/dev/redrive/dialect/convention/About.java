// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect.convention;

import java.util.List;

/**
 * What people who wire up a producer should know of a convention. It stands beside the code that
 * reads it, so that the page, the API and the code say the same. Markdown; header names in
 * backticks.
 *
 * @param producer who writes it
 * @param follows the source that the code was written from
 * @param proof what it is recognised by
 * @param pipeline what names the pipeline where the settings do not
 * @param origin what tells the original's topic, partition and offset
 * @param failedAt what tells when it failed
 * @param fills what else a letter gets of it
 * @param silent what it can't tell, and what that means
 * @param setUp what the producer leaves off by default and how to switch it on, or how to tell
 *     Redrive
 * @param strips headers that a replay leaves out; a star at the end stands for any rest
 */
public record About(
    String producer,
    String follows,
    String proof,
    String pipeline,
    String origin,
    String failedAt,
    String fills,
    String silent,
    String setUp,
    List<String> strips) {
  public static final String ERROR_TOPIC = "the error topic";
  public static final String WRITTEN_AT = "the record's timestamp";
  public static final String ARRIVAL = "arrival";
  public static final String NOT_TOLD = "not told";

  public About {
    strips = List.copyOf(strips);
  }

  /** A convention of which nothing is known yet but who writes it and what it was read from. */
  public static About of(String producer, String follows) {
    return new About(
        producer, follows, "", ERROR_TOPIC, NOT_TOLD, WRITTEN_AT, "", "", "Nothing.", List.of());
  }

  public About proof(String text) {
    return new About(
        producer, follows, text, pipeline, origin, failedAt, fills, silent, setUp, strips);
  }

  public About pipeline(String text) {
    return new About(
        producer, follows, proof, text, origin, failedAt, fills, silent, setUp, strips);
  }

  public About origin(String text) {
    return new About(
        producer, follows, proof, pipeline, text, failedAt, fills, silent, setUp, strips);
  }

  public About failedAt(String text) {
    return new About(
        producer, follows, proof, pipeline, origin, text, fills, silent, setUp, strips);
  }

  public About fills(String text) {
    return new About(
        producer, follows, proof, pipeline, origin, failedAt, text, silent, setUp, strips);
  }

  public About silent(String text) {
    return new About(
        producer, follows, proof, pipeline, origin, failedAt, fills, text, setUp, strips);
  }

  public About setUp(String text) {
    return new About(
        producer, follows, proof, pipeline, origin, failedAt, fills, silent, text, strips);
  }

  public About strips(List<String> texts) {
    return new About(
        producer, follows, proof, pipeline, origin, failedAt, fills, silent, setUp, texts);
  }
}
