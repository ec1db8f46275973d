// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.CommandJson;
import dev.redrive.codec.OutcomeJson;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Holds what the documents say to what a program can check. */
class DocumentsTest {
  private static final Path README = Path.of("README.md");
  private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern LINK = Pattern.compile("(?<!!)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

  private static final Pattern ADDRESS = Pattern.compile("\\w+://([^/:)>\\s\"'`]+)");

  /** Where a reader may be sent, or told to send a request. */
  private static final Set<String> HOSTS =
      Set.of("127.0.0.1", "localhost", "keepachangelog.com", "semver.org", "www.apache.org");

  private static final List<Path> FOLDERS =
      List.of(
          Path.of(""),
          Path.of("docs"),
          Path.of("docs", "decisions"),
          Path.of("docs", "guides"),
          Path.of("helm", "redrive"));

  @Test
  void theReadmeHasTheTwoCommandsAsTheyAreTyped() throws IOException {
    assertThat(Files.readAllLines(README)).contains("mvn compile exec:java", "mvn verify");
  }

  /** Ids follow from pipeline and record, so the first page can name one that will be there. */
  @Test
  void theReadmeNamesALetterOfTheSandbox() throws IOException {
    String id = LetterId.of("payments", "pay-2003").toString();
    List<String> named =
        Pattern.compile("dlq_\\w{26}")
            .matcher(Files.readString(README))
            .results()
            .map(MatchResult::group)
            .toList();

    assertThat(named).isNotEmpty().containsOnly(id);
  }

  @Test
  void theCommandAndTheOutcomeOfTheReadmeCanBeRead() throws IOException {
    assertThat(piped("redrive-commands"))
        .isNotEmpty()
        .allSatisfy(
            json ->
                assertThat(CommandJson.read(json, "c", "r")).isInstanceOf(CommandJson.Read.class));
    assertThat(piped("redrive-outcomes"))
        .isNotEmpty()
        .allSatisfy(
            json ->
                assertThat(OutcomeJson.read(json, List.of())).isInstanceOf(OutcomeJson.Read.class));
  }

  @Test
  void theSettingsOfTheReadmeAreAccepted(@TempDir Path directory) throws Exception {
    Matcher yaml = Pattern.compile("(?ms)^```yaml$(.*?)^```$").matcher(Files.readString(README));
    assertThat(yaml.find()).isTrue();
    Path file = Files.writeString(directory.resolve("redrive.yaml"), yaml.group(1));

    Settings settings = SettingsLoader.load(Optional.of(file), Map.of(), List.of());

    assertThat(settings.pipelines()).hasSize(1);
    assertThat(settings.auth().keys()).hasSize(1);
  }

  @Test
  void theSchemasOfTheJarAreTheDocumentedOnes() throws IOException {
    List<Path> inJar = list(Path.of("src", "main", "resources", "dev", "redrive", "schemas"));
    assertThat(inJar).isNotEmpty();
    for (Path schema : inJar) {
      Path documented = Path.of("docs", "schemas").resolve(schema.getFileName());
      assertThat(documented).hasSameTextualContentAs(schema);
    }
  }

  @Test
  void theReadmeStaysReadableInOneGo() throws IOException {
    List<String> prose =
        Files.readAllLines(README).stream().filter(line -> !line.startsWith("|")).toList();
    assertThat(prose).hasSizeLessThan(190);
  }

  @TestFactory
  Stream<DynamicTest> linksLeadSomewhere() throws IOException {
    return documents().stream()
        .map(document -> DynamicTest.dynamicTest(document.toString(), () -> checkLinks(document)));
  }

  @TestFactory
  Stream<DynamicTest> noSectionIsEmptyOrUnfinished() throws IOException {
    return documents().stream()
        .map(
            document ->
                DynamicTest.dynamicTest(document.toString(), () -> checkFinished(document)));
  }

  /**
   * Where packages come from, above all, differs from site to site and is the reader's business.
   */
  @Test
  void documentsNameNoHostsButTheseFew() throws IOException {
    for (Path document : documents()) {
      List<String> hosts =
          ADDRESS.matcher(Files.readString(document)).results().map(at -> at.group(1)).toList();
      assertThat(hosts).as("%s", document).isSubsetOf(HOSTS);
    }
  }

  @Test
  void everyDecisionIsNumberedByItsFileAndSaysWhatWasRejected() throws IOException {
    List<Path> decisions = list(Path.of("docs", "decisions"));

    assertThat(decisions).isNotEmpty();
    for (int i = 0; i < decisions.size(); i++) {
      Path decision = decisions.get(i);
      assertThat(decision.getFileName().toString()).startsWith("%04d-".formatted(i + 1));
      assertThat(Files.readString(decision))
          .as("%s", decision)
          .startsWith("# %d. ".formatted(i + 1))
          .contains("**Context.**", "**Choice.**", "**Rejected.**");
    }
  }

  /** What the README pipes into kcat for this topic. */
  private static List<byte[]> piped(String topic) throws IOException {
    return Pattern.compile("(?m)^echo '(.*)' \\| kcat -P -b \\S+ -t " + topic + "$")
        .matcher(Files.readString(README))
        .results()
        .map(line -> line.group(1).getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static void checkLinks(Path document) throws IOException {
    Path folder = Path.of("").resolve(document).toAbsolutePath().getParent();
    for (String link : links(Files.readString(document))) {
      if (link.contains("://") || link.startsWith("mailto:")) {
        continue;
      }
      String[] parts = link.split("#", 2);
      Path target =
          parts[0].isEmpty() ? document.toAbsolutePath() : folder.resolve(parts[0]).normalize();
      assertThat(target).as("link %s in %s", link, document).exists();
      if (parts.length == 2) {
        assertThat(anchors(target)).as("anchor of %s in %s", link, document).contains(parts[1]);
      }
    }
  }

  private static void checkFinished(Path document) throws IOException {
    String text = withoutCode(Files.readString(document));
    assertThat(text).doesNotContainPattern("\\b(T[B]D|T[O]DO|F[I]XME)\\b");
    List<MatchResult> headings = HEADING.matcher(text).results().toList();
    assertThat(headings).isNotEmpty();
    for (int i = 0; i < headings.size(); i++) {
      boolean last = i + 1 == headings.size();
      int end = last ? text.length() : headings.get(i + 1).start();
      boolean opensSubsections = !last && level(headings.get(i + 1)) > level(headings.get(i));
      boolean hasText = !text.substring(headings.get(i).end(), end).isBlank();
      assertThat(hasText || opensSubsections)
          .as("something stands under \"%s\"", headings.get(i).group())
          .isTrue();
    }
  }

  private static int level(MatchResult heading) {
    return heading.group().indexOf(' ');
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    for (Path folder : FOLDERS) {
      list(folder).stream().filter(path -> path.toString().endsWith(".md")).forEach(documents::add);
    }
    assertThat(documents).hasSizeGreaterThan(5);
    return documents;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<String> links(String text) {
    Matcher links = LINK.matcher(withoutCode(text));
    return links.results().map(link -> link.group(1)).toList();
  }

  /** As most renderers make them: lower case, spaces to hyphens, punctuation left out. */
  private static List<String> anchors(Path document) throws IOException {
    return HEADING
        .matcher(withoutCode(Files.readString(document)))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  private static String withoutCode(String text) {
    // What stands in a code block is not rendered, so "# comment" there is no heading.
    return FENCED.matcher(text).replaceAll("code");
  }
}
