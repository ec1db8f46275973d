// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.redrive.codec.EventJson.Cause;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.Coordinates;
import dev.redrive.letter.LetterEvent;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas say what is written and read, neither more nor less. */
class SchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();
  private static final String LETTER = LetterId.of("orders", "1").toString();

  @ParameterizedTest
  @ValueSource(strings = {"command", "outcome", "result", "event"})
  void docsHaveTheSchemasOfTheJar(String name) throws IOException {
    assertThat(Files.readString(Path.of("docs/schemas/" + name + ".json"))).isEqualTo(text(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"command", "outcome", "result", "event"})
  void schemasAreValidThemselves(String name) {
    Schema ofSchemas =
        REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

    assertThat(ofSchemas.validate(text(name), InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"command", "outcome", "result"})
  void examplesAreValidAndRead(String name) throws IOException {
    JsonNode examples = JSON.readTree(text(name)).path("examples");

    assertThat(examples).isNotEmpty();
    for (JsonNode example : examples) {
      assertThat(schema(name).validate(example)).as("%s", example).isEmpty();
      assertThat(reads(name, example)).as("%s", example).isTrue();
    }
  }

  @Test
  void whatIsWrittenIsValid() {
    EventJson events = new EventJson("redrive");
    for (long seed = 0; seed < 500; seed++) {
      Samples samples = new Samples(seed);
      var command = samples.command();
      var answer = samples.answer();
      assertValid("command", CommandJson.write(command));
      assertValid("result", AnswerJson.write(answer));
      assertValid("event", events.answered(answer, command, null, seed).value().array());
      for (LetterEvent what : LetterEvent.values()) {
        Cause cause = Cause.of(command.meta(), answer.runId());
        assertValid(
            "event",
            events.letter(what, samples.id(), samples.head(), cause, seed, seed).value().array());
      }
    }
  }

  @Test
  void eventsHaveNoFieldThatTheirSchemaDoesNotSay() throws IOException {
    EventJson events = new EventJson("redrive");
    Coordinates where = new Coordinates("t", 0, 1);
    for (long seed = 0; seed < 500; seed++) {
      Samples samples = new Samples(seed);
      var command = samples.command();
      Cause cause = Cause.of(command.meta(), "run_1");
      assertFieldsKnown(
          "letter", events.letter(LetterEvent.REPLAYED, samples.id(), samples.head(), cause, 1, 1));
      assertFieldsKnown("command", events.answered(samples.answer(), command, null, 1));
    }
    assertFieldsKnown("outcome_unreadable", events.outcomeUnreadable(where, "why", 1));
    assertFieldsKnown("offsets_reset", events.offsetsReset(where, 2, 1));
    LetterFilter secret = LetterFilter.ALL.with(new LetterFilter.Text(null, null, "iban", "auth"));
    for (PayloadView view :
        List.of(
            new PayloadView("vic", "GET /a", true, List.of(LetterId.of("a", "1")), null),
            new PayloadView("vic", "GET /a", true, List.of(), secret))) {
      EventJson.Event event = events.audited(view, "id", 1);
      assertFieldsKnown("payload_viewed", event);
      assertThat(new String(event.value().array(), UTF_8)).doesNotContain("iban", "auth");
    }
    for (ArtifactUse.What what : ArtifactUse.What.values()) {
      ArtifactUse use = new ArtifactUse(what, "diag_1", "log_bundle", "a", "run_1", "vic");
      assertFieldsKnown("artifact", events.audited(use, "id", 1));
    }
  }

  @Test
  void schemaAndReaderAgreeOnWhatIsACommand() throws IOException {
    List<JsonNode> examples = new ArrayList<>();
    for (long seed = 0; seed < 300; seed++) {
      examples.add(JSON.readTree(CommandJson.write(new Samples(seed).command())));
    }
    assertThat(agreements("command", examples)).contains(true, false);
  }

  @Test
  void schemaAndReaderAgreeOnWhatIsAnOutcome() throws IOException {
    List<JsonNode> examples = new ArrayList<>();
    String error = "{'code':'c','message':'m','class':'C','root_cause':'R','stack_trace':'s'}";
    for (String text :
        List.of(
            "{'letter_id':'%s','run_id':'r','attempt':1,'outcome':'failed','error':%s}"
                .formatted(LETTER, error),
            "{'pipeline_id':'p','record_id':'1','attempt':1,'outcome':'succeeded'}",
            "{'letter_id':'%s','pipeline_id':'p','record_id':'1','outcome':'succeeded'}"
                .formatted(LETTER))) {
      examples.addAll(Collections.nCopies(300, JSON.readTree(text.replace('\'', '"'))));
    }
    assertThat(agreements("outcome", examples)).contains(true, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'status':'accepted'}",
        "{'command_id':'c','request_id':'r','status':'done','duplicate':false}",
        "{'command_id':'c','request_id':'r','status':'rejected','duplicate':false}",
        "{'command_id':'c','request_id':'r','status':'accepted','duplicate':false,'partition':1}",
      })
  void answerThatIsNoneIsRefused(String json) {
    assertThat(schema("result").validate(json.replace('\'', '"'), InputFormat.JSON)).isNotEmpty();
  }

  /** Whether each of the examples, changed in one place, is valid and read; both say the same. */
  private static List<Boolean> agreements(String name, List<JsonNode> examples) {
    Random random = new Random(8);
    List<Boolean> verdicts = new ArrayList<>();
    for (JsonNode example : examples) {
      JsonNode changed = changed(example.deepCopy(), random);
      boolean valid = schema(name).validate(changed).isEmpty();
      assertThat(reads(name, changed)).as("%s", changed).isEqualTo(valid);
      verdicts.add(valid);
    }
    return verdicts;
  }

  private static JsonNode changed(JsonNode tree, Random random) {
    List<ObjectNode> objects = new ArrayList<>();
    collect(tree, objects);
    ObjectNode object = objects.get(random.nextInt(objects.size()));
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      return tree;
    }
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(9)) {
      case 0 -> object.remove(name);
      case 1 -> object.putNull(name);
      case 2 -> object.put(name, 7);
      case 3 -> object.put(name, "QUJD");
      case 4 -> object.put(name, "");
      case 5 -> object.putArray(name);
      case 6 -> object.putObject(name);
      case 7 -> object.set(name + "s", object.remove(name));
      default ->
          object.put(List.of("key", "value", "letter_ids", "mode").get(random.nextInt(4)), "QUJD");
    }
    return tree;
  }

  private static void collect(JsonNode node, List<ObjectNode> found) {
    if (node instanceof ObjectNode object) {
      found.add(object);
    }
    if (node instanceof ObjectNode || node instanceof ArrayNode) {
      node.forEach(child -> collect(child, found));
    }
  }

  private static boolean reads(String name, JsonNode tree) {
    byte[] bytes = tree.toString().getBytes(UTF_8);
    return switch (name) {
      case "command" -> CommandJson.read(bytes, "c", "r") instanceof CommandJson.Read;
      case "outcome" -> OutcomeJson.read(bytes, List.of()) instanceof OutcomeJson.Read;
      default -> AnswerJson.read(bytes).isPresent();
    };
  }

  private static void assertValid(String name, byte[] json) {
    String text = new String(json, UTF_8);
    assertThat(schema(name).validate(text, InputFormat.JSON)).as(text).isEmpty();
  }

  private static void assertFieldsKnown(String definition, EventJson.Event event)
      throws IOException {
    JsonNode known = JSON.readTree(text("event")).at("/$defs/" + definition + "/properties");
    JsonNode written = JSON.readTree(event.value().array());
    List<String> names = new ArrayList<>();
    written.fieldNames().forEachRemaining(names::add);
    assertThat(names).isNotEmpty().allMatch(known::has);
  }

  private static Schema schema(String name) {
    return SCHEMAS.computeIfAbsent(name, n -> REGISTRY.getSchema(text(n)));
  }

  private static String text(String name) {
    try (InputStream in =
        SchemasTest.class.getResourceAsStream("/dev/redrive/schemas/" + name + ".json")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
