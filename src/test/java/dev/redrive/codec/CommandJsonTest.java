// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.CommandJson.Read;
import dev.redrive.codec.CommandJson.Reading;
import dev.redrive.codec.CommandJson.Unreadable;
import dev.redrive.command.Added;
import dev.redrive.command.Command;
import dev.redrive.command.LetterCommand;
import dev.redrive.command.RunCommand;
import dev.redrive.command.RunControl;
import dev.redrive.command.RunOptions;
import dev.redrive.command.RunTarget;
import dev.redrive.filter.Attribute;
import dev.redrive.filter.LetterFilter;
import dev.redrive.letter.FailureError;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.letter.RawRecord;
import dev.redrive.letter.Refusal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandJsonTest {
  private static final String DEFAULT_ID = "redrive-commands-3-17";
  private static final LetterId LETTER = LetterId.of("orders", "orders-3-1077245");

  @Test
  void whatIsWrittenIsRead() {
    for (long seed = 0; seed < 3_000; seed++) {
      Command command = new Samples(seed).command();
      assertThat(read(CommandJson.write(command))).as("seed %d", seed).isEqualTo(new Read(command));
    }
  }

  @Test
  void replayByLetterId() {
    LetterCommand command =
        command(
            """
            {"type": "replay", "command_id": "c1", "request_id": "r1", "letter_ids": ["%s"],
             "options": {"priority": "high"}, "requested_by": "ada", "note": "fixed",
             "mode": "restart"}
            """
                .formatted(LETTER));

    assertThat(command)
        .isEqualTo(
            new LetterCommand(
                LetterCommand.Type.REPLAY,
                new Command.Meta("c1", "r1", "ada", "fixed", "restart"),
                LETTER,
                "high",
                null));
  }

  @Test
  void bothPrefixesOfLetterIdsAreTheSameLetter() {
    String id = LETTER.pipelinesText();

    assertThat(command("{\"type\": \"discard\", \"letter_ids\": [\"" + id + "\"]}").letter())
        .isEqualTo(LETTER);
  }

  @Test
  void idsDefaultToWhereTheCommandLies() {
    LetterCommand command =
        command(
            """
            {"type": "discard", "pipeline_id": "orders", "record_ids": ["orders-3-1077245"]}
            """);

    assertThat(command.meta()).isEqualTo(new Command.Meta(DEFAULT_ID, "request", null, null, null));
    assertThat(command.letter()).isEqualTo(LETTER);
  }

  @Test
  void fieldThatMayBeLeftOutMayBeNull() {
    LetterCommand command =
        command(
            """
            {"type": "replay", "letter_ids": ["%s"], "command_id": null, "request_id": null,
             "options": null, "requested_by": null, "note": null, "mode": null}
            """
                .formatted(LETTER));

    assertThat(command.meta()).isEqualTo(new Command.Meta(DEFAULT_ID, "request", null, null, null));
  }

  @Test
  void addedRecordKeepsItsHeadersInOrderWithDuplicatesAndNulls() {
    Added added =
        added(
            """
            {"type": "add", "pipeline_id": "orders", "record_ids": ["1"], "key": "a2V5",
             "value": "dmFsdWU=",
             "headers": [{"name": "b", "value": "MQ=="}, {"name": "a", "value": ""},
                         {"name": "b", "value": null}, {"name": "c"}],
             "error": {"code": "db_down", "message": "no", "class": "a.B", "root_cause": "a.C",
                       "stack_trace": "at a.B"}}
            """);

    assertThat(added.record())
        .isEqualTo(
            new RawRecord(
                RawBytes.utf8("key"),
                RawBytes.utf8("value"),
                List.of(
                    Header.utf8("b", "1"),
                    new Header("a", RawBytes.EMPTY),
                    new Header("b", null),
                    new Header("c", null))));
    assertThat(added.error()).isEqualTo(new FailureError("db_down", "no", "a.B", "a.C", "at a.B"));
  }

  @Test
  void additionOfNothingButItsIdsHasNoRecord() {
    Added added =
        added("{\"type\": \"add\", \"pipeline_id\": \"orders\", \"record_ids\": [\"1\"]}");

    assertThat(added.record()).isNull();
    assertThat(added.error()).isEqualTo(FailureError.UNKNOWN);
  }

  @Test
  void tombstoneIsAddedOnlyWhereNullIsSaid() {
    String start =
        "{\"type\": \"add\", \"pipeline_id\": \"p\", \"record_ids\": [\"1\"], \"key\": \"\"";

    assertThat(added(start + ", \"value\": null}").record())
        .isEqualTo(new RawRecord(RawBytes.EMPTY, null, List.of()));
    assertThat(refusal(start + "}").message()).contains("/value is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | /type is missing",
        "[] | it must be a JSON object, not an array",
        "17 | it must be a JSON object, not a number",
        "nul | it is not JSON: Unrecognized token 'nul'",
        "{\"type\":\"replay\"} {} | it is not JSON: Trailing token",
        "{\"type\":\"replay\",\"type\":\"add\"} | Duplicate field 'type'",
        "{\"type\":\"replay\" | it is not JSON",
        "{\"type\":7,\"letter_ids\":[\"ID\"]} | /type must be a text, not a number",
        "{\"type\":null,\"letter_ids\":[\"ID\"]} | /type must be a text, not null",
        "{\"type\":\"reply\",\"letter_ids\":[\"ID\"]} | did you mean replay?",
        "{\"type\":\"replay\",\"leter_ids\":[\"ID\"]} | /leter_ids is no known field; did you mean letter_ids?",
        "{\"type\":\"replay\",\"letterIds\":[\"ID\"]} | did you mean letter_ids?",
        "{\"type\":\"replay\"} | it has no target; give one of letter_ids, pipeline_id with record_ids, run_id, all, or a filter",
        "{\"type\":\"replay\",\"letter_ids\":[\"ID\"],\"record_ids\":[\"1\"]} | it has more than one target",
        "{\"type\":\"replay\",\"letter_ids\":[]} | /letter_ids must be an array of at least one text",
        "{\"type\":\"replay\",\"letter_ids\":\"ID\"} | /letter_ids must be an array",
        "{\"type\":\"replay\",\"letter_ids\":null} | /letter_ids must be an array",
        "{\"type\":\"replay\",\"letter_ids\":[7]} | /letter_ids/0 must be a text, not a number",
        "{\"type\":\"replay\",\"letter_ids\":[\"dlq_x\"]} | /letter_ids/0 is no letter id",
        "{\"type\":\"replay\",\"record_ids\":[\"1\"]} | /pipeline_id is missing",
        "{\"type\":\"replay\",\"pipeline_id\":\"p\"} | /record_ids is missing",
        "{\"type\":\"replay\",\"pipeline_id\":\"\",\"record_ids\":[\"1\"]} | /pipeline_id must have 1 to 249 characters, not 0",
        "{\"type\":\"replay\",\"pipeline_id\":null,\"record_ids\":[\"1\"]} | /pipeline_id must be a text, not null",
        "{\"type\":\"replay\",\"letter_ids\":[\"ID\"],\"options\":[]} | /options must be an object, not an array",
        "{\"type\":\"replay\",\"letter_ids\":[\"ID\"],\"options\":{\"priority\":\"urgent\"}} | /options/priority must be one of high, normal, low",
        "{\"type\":\"replay\",\"letter_ids\":[\"ID\"],\"options\":{\"prio~/\":1}} | /options/prio~0~1 is no known field",
        "{\"type\":\"replay\",\"letter_ids\":[\"ID\"],\"mode\":\"again\"} | /mode must be one of restart, resume",
        "{\"type\":\"discard\",\"letter_ids\":[\"ID\"],\"mode\":\"restart\"} | /mode is only for type replay",
        "{\"type\":\"discard\",\"letter_ids\":[\"ID\"],\"value\":\"\"} | /value is only for type add",
        "{\"type\":\"add\",\"letter_ids\":[\"ID\"]} | /letter_ids does not do for add; give pipeline_id and record_ids",
        "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"1\"],\"value\":\"%\"} | /value is not base64",
        "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"1\"],\"value\":\"\",\"headers\":{}} | /headers must be an array of objects",
        "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"1\"],\"value\":\"\",\"headers\":[{\"value\":\"\"}]} | /headers/0/name is missing",
        "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"1\"],\"value\":\"\",\"headers\":[{\"name\":\"a\",\"valu\":\"\"}]} | /headers/0/valu is no known field; did you mean value?",
        "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"1\"],\"error\":\"down\"} | /error must be an object",
        "{\"type\":\"add\",\"pipeline_id\":\"p\",\"record_ids\":[\"1\"],\"error\":{\"cod\":\"x\"}} | /error/cod is no known field; did you mean code?",
      })
  void whatIsWrongIsSaidAndWhere(String json, String message) {
    Refusal refusal = refusal(json.replace("ID", LETTER.toString()));

    assertThat(refusal.code()).isEqualTo(Refusal.Code.INVALID);
    assertThat(refusal.message()).contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "command_id,200",
    "request_id,200",
    "requested_by,200",
    "note,2000",
    "pipeline_id,249"
  })
  void textsOfTheLongestLengthAreReadAndLongerOnesAreNot(String field, int max) {
    String rest =
        field.equals("pipeline_id")
            ? "\"record_ids\": [\"1\"]"
            : "\"letter_ids\": [\"" + LETTER + "\"]";
    String json = "{\"type\": \"replay\", " + rest + ", \"" + field + "\": \"%s\"}";

    assertThat(read(json.formatted("x".repeat(max)))).isInstanceOf(Read.class);
    assertThat(refusal(json.formatted("x".repeat(max + 1))).message())
        .contains("/" + field + " must have 1 to " + max + " characters, not " + (max + 1));
  }

  @Test
  void recordIdIsReadUpToItsLongestLength() {
    String json = "{\"type\": \"discard\", \"pipeline_id\": \"p\", \"record_ids\": [\"%s\"]}";

    assertThat(read(json.formatted("x".repeat(1_000)))).isInstanceOf(Read.class);
    assertThat(refusal(json.formatted("x".repeat(1_001))).message()).contains("/record_ids/0");
  }

  @Test
  void severalLettersAreRunAndOneWithoutRunOptionsIsNot() {
    assertThat(any("{\"type\":\"replay\",\"letter_ids\":[\"" + LETTER + "\"]}"))
        .isInstanceOf(LetterCommand.class);
    RunCommand run =
        run(
            """
            {'type':'replay','pipeline_id':'orders','record_ids':['1','2','1'],
             'options':{'rate':2.5,'max_in_flight':7,'order':'newest','priority':'low',
                        'canary':{'size':5,'wait':'30s'},'failure_limit':{'share':0.5},
                        'name':'night','exclusive':true,'keep_order':false}}
            """);

    assertThat(run.target())
        .isEqualTo(
            new RunTarget.Picked(
                List.of(LetterId.of("orders", "1"), LetterId.of("orders", "2")),
                LetterFilter.ALL.with(Attribute.PIPELINE, Set.of("orders"))));
    assertThat(run.options())
        .isEqualTo(
            new RunOptions(
                2.5,
                7,
                new RunOptions.Canary(5, Duration.ofSeconds(30), 5),
                new RunOptions.FailureLimit(0.5, 100),
                true,
                "low",
                false,
                "night",
                true));
    assertThat(run.takesSlot()).isTrue();
    assertThat(run("{'type':'replay','letter_ids':['ID'],'options':{'rate':5}}").target())
        .isEqualTo(new RunTarget.Picked(List.of(LETTER), LetterFilter.ALL));
  }

  @Test
  void wholePipelineTakesItsSlotUnlessToldNotTo() {
    assertThat(run("{'type':'replay','filter':{'pipeline_id':'p'}}").takesSlot()).isTrue();
    assertThat(run("{'type':'replay','filter':{'pipeline_id':'p','label':'x'}}").takesSlot())
        .isFalse();
    assertThat(run("{'type':'discard','filter':{'pipeline_id':'p'}}").takesSlot()).isFalse();
    assertThat(run("{'type':'replay','all':true}").takesSlot()).isFalse();
    assertThat(
            run("{'type':'replay','filter':{'pipeline_id':'p'},'options':{'exclusive':false}}")
                .takesSlot())
        .isFalse();
    assertThat(
            run("{'type':'replay','filter':{'pipeline_id':'p'},'options':{'dry_run':true}}")
                .takesSlot())
        .isFalse();
  }

  @Test
  void lettersOfPastRunAreThoseThatItTriedLast() {
    assertThat(run("{'type':'replay','run_id':'run_1','filter':{'origin':'manual'}}").target())
        .isEqualTo(
            new RunTarget.Matching(
                LetterFilter.ALL
                    .with(Attribute.LAST_RUN, Set.of("run_1"))
                    .with(Attribute.ORIGIN, Set.of("manual"))));
  }

  @Test
  void runsAreCancelledAndResumed() {
    Command cancel = any("{\"type\":\"cancel\",\"run_id\":\"run_1\",\"requested_by\":\"ada\"}");

    assertThat(cancel)
        .isEqualTo(
            new RunControl(
                RunControl.Verb.CANCEL,
                new Command.Meta(DEFAULT_ID, "request", "ada", null, null),
                "run_1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'replay','filter':{}} | /filter is empty; for all letters give all: true",
        "{'type':'replay','filter':{'pipeline_id':null}} | /filter is empty",
        "{'type':'replay','all':false} | /all must be true",
        "{'type':'replay','all':true,'filter':{'label':'a'}} | /filter contradicts all",
        "{'type':'replay','all':true,'run_id':'run_1'} | more than one target",
        "{'type':'replay','run_id':'run_1','filter':{'last_run_id':'run_2'}} | give one of them",
        "{'type':'replay','pipeline_id':'p','record_ids':['1'],'filter':{'pipeline_id':'q'}} | names another pipeline",
        "{'type':'replay','all':true,'options':{'rate':0}} | /options/rate must be a number from 0.01 to 1000000",
        "{'type':'replay','all':true,'options':{'rate':-1}} | /options/rate must be",
        "{'type':'replay','all':true,'options':{'rate':1e300}} | /options/rate must be",
        "{'type':'replay','all':true,'options':{'rate':'5'}} | /options/rate must be",
        "{'type':'replay','all':true,'options':{'max_in_flight':0}} | /options/max_in_flight must be a whole number",
        "{'type':'replay','all':true,'options':{'canary':{}}} | /options/canary/size is missing",
        "{'type':'replay','all':true,'options':{'canary':{'size':2,'min_success':3}}} | /options/canary/min_success is more than size",
        "{'type':'replay','all':true,'options':{'canary':{'size':2,'wait':'0s'}}} | /options/canary/wait must be a length of time",
        "{'type':'replay','all':true,'options':{'failure_limit':{'share':1}}} | /options/failure_limit/share must be",
        "{'type':'replay','all':true,'options':{'order':'random'}} | /options/order must be one of oldest, newest",
        "{'type':'replay','all':true,'options':{'exclusive':true}} | /options/exclusive needs one pipeline",
        "{'type':'replay','all':true,'options':{'ratte':5}} | did you mean rate?",
        "{'type':'discard','all':true,'options':{'rate':5}} | /options/rate is only for type replay",
        "{'type':'cancel'} | /run_id is missing",
        "{'type':'cancel','run_id':'r','letter_ids':['ID']} | /letter_ids is not for type cancel",
        "{'type':'resume','run_id':'r','options':{}} | /options is only for types replay and discard",
        "{'type':'add','pipeline_id':'p','record_ids':['1','2']} | /record_ids names more than one record",
      })
  void whatIsWrongWithRunIsSaidAndWhere(String json, String message) {
    Refusal refusal = refusal(json.replace('\'', '"').replace("ID", LETTER.toString()));

    assertThat(refusal.code()).isEqualTo(Refusal.Code.INVALID);
    assertThat(refusal.message()).contains(message);
  }

  @ParameterizedTest
  @CsvSource({"rerun, RERUN_CALLBACK", "cancel, CANCEL_CALLBACK"})
  void aCallbackCommandIsAboutOneLetter(String action, LetterCommand.Type type) {
    String json = "{'type':'callback','action':'%s','letter_ids':['%s']}".formatted(action, LETTER);
    LetterCommand command = (LetterCommand) ((Read) read(json.replace('\'', '"'))).command();

    assertThat(command.type()).isEqualTo(type);
    assertThat(command.letter()).isEqualTo(LETTER);
    assertThat(command.word()).isEqualTo("callback");
    assertThat(((Read) read(CommandJson.write(command))).command()).isEqualTo(command);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'type':'callback','action':'rerun'} | has no target",
        "{'type':'callback','letter_ids':['ID','dlq_00000000000000000000000000']} | name one letter",
        "{'type':'callback','letter_ids':['ID'],'filter':{'label':'x'}} | /filter is only for types",
        "{'type':'callback','letter_ids':['ID'],'action':'stop'} | /action must be one of rerun, cancel",
        "{'type':'callback','run_id':'r'} | /run_id is not for type callback",
        "{'type':'callback','letter_ids':['ID'],'options':{}} | /options is only for types",
        "{'type':'replay','letter_ids':['ID'],'action':'rerun'} | /action is only for type callback",
      })
  void whatIsWrongWithACallbackCommandIsSaid(String json, String message) {
    Refusal refusal = refusal(json.replace('\'', '"').replace("ID", LETTER.toString()));

    assertThat(refusal.message()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'type':'replay','all':true,'options':{'keep_order':true}}"})
  void whatComesLaterIsKnownAndRefused(String json) {
    assertThat(refusal(json.replace('\'', '"').replace("ID", LETTER.toString())).code())
        .isEqualTo(Refusal.Code.UNSUPPORTED);
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    assertThat(refusal("{\"type\": \"discard\", \"notes\": \"x\", \"requested_by\": 1}").message())
        .contains("/notes is no known field; did you mean note?")
        .contains("/requested_by must be a text")
        .contains("it has no target");
  }

  @Test
  void refusedCommandKeepsTheIdsThatItsSenderWaitsFor() {
    Reading reading = read("{\"type\": \"x\", \"command_id\": \"c1\", \"request_id\": \"r1\"}");

    assertThat(reading).isInstanceOf(Unreadable.class);
    assertThat(((Unreadable) reading).commandId()).isEqualTo("c1");
    assertThat(((Unreadable) reading).requestId()).isEqualTo("r1");
  }

  @Test
  void idTooLongToKeepIsReplacedByTheDefault() {
    Reading reading =
        read("{\"type\": \"x\", \"command_id\": \"" + "c".repeat(201) + "\", \"request_id\": 7}");

    assertThat(((Unreadable) reading).commandId()).isEqualTo(DEFAULT_ID);
    assertThat(((Unreadable) reading).requestId()).isEqualTo("request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00x", "\\udc00\\ud800"})
  void halfOfSurrogatePairNeverReachesTheAnswer(String half) {
    Reading refused =
        read(
            "{\"type\": \"x" + half + "\", \"request_id\": \"" + half + "\", \"" + half + "\": 1}");
    Unreadable unreadable = (Unreadable) refused;

    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(unreadable.requestId())).isTrue();
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(unreadable.refusal().message()))
        .isTrue();
  }

  @Test
  void noValueAtAllIsRefused() {
    assertThat(CommandJson.read(null, DEFAULT_ID, "request")).isInstanceOf(Unreadable.class);
    assertThat(read(new byte[0])).isInstanceOf(Unreadable.class);
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(refusal("{\"note\": " + "[".repeat(100_000)).message()).contains("is not JSON");
  }

  @Test
  void complaintIsShortHoweverLongTheInput() {
    String name = "x".repeat(40_000);

    assertThat(refusal("{\"" + name + "\": 1}").message()).hasSizeLessThan(400);
    assertThat(refusal(name).message()).hasSizeLessThan(500);
  }

  @Test
  void anyBytesAreReadOrRefused() {
    Samples dice = new Samples(99);
    for (long seed = 0; seed < 5_000; seed++) {
      assertThat(read(dice.garbage(60))).isNotNull();
      assertThat(read(dice.damaged(CommandJson.write(new Samples(seed).command())))).isNotNull();
    }
  }

  private static LetterCommand command(String json) {
    return (LetterCommand) any(json);
  }

  private static RunCommand run(String json) {
    return (RunCommand) any(json.replace('\'', '"').replace("ID", LETTER.toString()));
  }

  private static Command any(String json) {
    Reading reading = read(json);
    assertThat(reading).as("%s", reading).isInstanceOf(Read.class);
    return ((Read) reading).command();
  }

  private static Added added(String json) {
    Added added = command(json).added();
    assertThat(added).isNotNull();
    return added;
  }

  private static Refusal refusal(String json) {
    Reading reading = read(json);
    assertThat(reading).as("%s", reading).isInstanceOf(Unreadable.class);
    return ((Unreadable) reading).refusal();
  }

  private static Reading read(String json) {
    return read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Reading read(byte[] value) {
    return CommandJson.read(value, DEFAULT_ID, "request");
  }
}
