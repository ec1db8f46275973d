// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.dialect.convention.About;
import dev.redrive.dialect.convention.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds {@code docs/dialects.md} to what the code says of each dialect, and that to the code. */
class DialectsDocumentTest {
  private static final String DOCUMENT = read();

  static Stream<Named> dialects() {
    return Dialects.known().stream().map(each -> new Named(each.name(), each));
  }

  record Named(String name, Dialect dialect) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void theTableHasItsRow(Named each) {
    About about = each.dialect().about();
    assertThat(DOCUMENT)
        .contains(
            String.join(
                " | ",
                "| `" + each.name() + "`",
                about.proof(),
                about.pipeline(),
                about.origin(),
                about.failedAt() + " |"));
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void itsSectionSaysWhatTheCodeSays(Named each) {
    About about = each.dialect().about();
    assertThat(DOCUMENT)
        .contains(
            String.join(
                " ",
                "### `" + each.name() + "`",
                about.producer() + ". Read from " + about.follows() + ".",
                "- Fills: " + about.fills(),
                "- Can't tell: " + about.silent(),
                "- To set up: " + about.setUp()));
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void noFactIsMissing(Named each) {
    About about = each.dialect().about();
    assertThat(
            Stream.of(
                about.producer(),
                about.follows(),
                about.proof(),
                about.pipeline(),
                about.origin(),
                about.failedAt(),
                about.fills(),
                about.silent(),
                about.setUp()))
        .allSatisfy(text -> assertThat(text).isNotBlank());
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void whatItStripsIsInTheTableAndTrue(Named each) {
    About about = each.dialect().about();
    for (String text : about.strips()) {
      boolean isOurs = text.equals("redrive-*");
      String header = isOurs ? "redrive-error-code" : text.replace("*", "any-rest");
      assertThat(each.dialect().strips(header)).as(header).isTrue();
      assertThat(each.dialect().strips("x" + header)).as("x" + header).isFalse();
    }
    if (!about.strips().isEmpty() && !about.strips().contains("redrive-*")) {
      assertThat(DOCUMENT)
          .contains(
              about.strips().stream()
                  .map(text -> "`" + text + "`")
                  .collect(Collectors.joining(", ", "| `" + each.name() + "` | ", " |")));
    }
  }

  @Test
  void noDialectIsThereThatTheCodeHasNot() {
    long sections = DOCUMENT.split("### `", -1).length - 1L;
    assertThat(sections).isEqualTo(Dialects.known().size());
  }

  /** Lines are wrapped by hand; what counts are the words. */
  private static String read() {
    try {
      return Files.readString(Path.of("docs", "dialects.md")).replaceAll("\\s+", " ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
