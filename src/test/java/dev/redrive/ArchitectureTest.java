// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the imports to the package table of {@code docs/design.md}. */
class ArchitectureTest {
  private static final Path DESIGN = Path.of("docs", "design.md");
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.redrive");

  @TestFactory
  Stream<DynamicTest> eachPackageUsesOnlyWhatTheTableAllows() throws IOException {
    return table().entrySet().stream()
        .filter(row -> !row.getValue().equals(List.of("all")))
        .map(
            row ->
                DynamicTest.dynamicTest(row.getKey(), () -> check(row.getKey(), row.getValue())));
  }

  @Test
  void theTableNamesEveryPackage() throws IOException {
    TreeSet<String> inCode = new TreeSet<>();
    CODE.forEach(
        type -> {
          String rest = type.getPackageName().substring("dev.redrive".length());
          if (!rest.isEmpty()) {
            inCode.add(rest.substring(1).split("\\.", -1)[0]);
          }
        });
    TreeSet<String> inTable = new TreeSet<>(table().keySet());
    inTable.remove("(root)");

    assertThat(inTable).containsAll(inCode);
  }

  @Test
  void kafkaStreamsStaysWhereTheGraphAndTheStoreAre() {
    noClasses()
        .that(
            resideInAPackage("dev.redrive..")
                .and(
                    not(
                        resideInAnyPackage(
                            "dev.redrive",
                            "dev.redrive.store..",
                            "dev.redrive.topology..",
                            "dev.redrive.query.."))))
        .should()
        .dependOnClassesThat(resideInAPackage("org.apache.kafka.streams.."))
        .check(CODE);
  }

  @Test
  void rulesKnowNeitherKafkaNorJson() {
    noClasses()
        .that(
            resideInAnyPackage(
                "dev.redrive.letter..",
                "dev.redrive.filter..",
                "dev.redrive.run..",
                "dev.redrive.command.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.apache.kafka..", "com.fasterxml..", "java.net..", "java.io.."))
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void conventionsAreInLayersAndDoNotKnowTheirCallers() {
    slices().matching("dev.redrive.dialect.(*)..").should().beFreeOfCycles().check(CODE);
    noClasses()
        .that(resideInAPackage("dev.redrive.dialect.*.."))
        .should()
        .dependOnClassesThat(resideInAPackage("dev.redrive.dialect"))
        .check(CODE);
  }

  private static void check(String name, List<String> mayUse) {
    String[] allowed =
        Stream.concat(Stream.of(name), mayUse.stream())
            .map(used -> "dev.redrive." + used + "..")
            .toArray(String[]::new);
    classes()
        .that(resideInAPackage("dev.redrive." + name + ".."))
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.redrive..")).or(resideInAnyPackage(allowed)))
        .allowEmptyShould(true)
        .check(CODE);
  }

  /** Package to the packages it may use, read from the table under "Layout of the code". */
  private static Map<String, List<String>> table() throws IOException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : Files.readAllLines(DESIGN)) {
      inside = line.startsWith("| package ") || (inside && line.startsWith("|"));
      if (inside && !line.startsWith("| package ") && !line.startsWith("|---")) {
        String[] cells = line.split("\\|", -1);
        rows.put(cells[1].replace("`", "").strip(), words(cells[3]));
      }
    }
    assertThat(rows).as("rows of the package table in %s", DESIGN).isNotEmpty();
    return rows;
  }

  private static List<String> words(String cell) {
    return Arrays.stream(cell.split(",", -1))
        .map(String::strip)
        .filter(word -> word.matches("[a-z]+"))
        .toList();
  }
}
