// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.preview;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.redrive.config.load.SettingsLoader;
import dev.redrive.letter.Letter;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.Letters;
import dev.redrive.letter.RawBytes;
import dev.redrive.preview.Preview.Format;
import dev.redrive.query.MemoryLedger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PreviewsTest {
  private static final String ADDRESS =
      "{\"type\":\"record\",\"name\":\"Address\",\"fields\":[{\"name\":\"city\",\"type\":\"string\"}]}";
  private static final String ORDER =
      "{\"type\":\"record\",\"name\":\"Order\",\"fields\":["
          + "{\"name\":\"id\",\"type\":\"long\"},"
          + "{\"name\":\"iban\",\"type\":[\"null\",\"string\"]},"
          + "{\"name\":\"lines\",\"type\":{\"type\":\"array\",\"items\":\"double\"}},"
          + "{\"name\":\"to\",\"type\":\"Address\"}]}";
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private FakeRegistry registry;
  private Previews previews;

  @BeforeEach
  void start() throws IOException {
    registry = new FakeRegistry();
    previews = previews(registry.url(), CLOCK);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void avroIsDecodedWithItsReferences() throws IOException {
    registerOrder();
    Letter letter = letter(framed(7, order()));
    assertThat(previews.remembered(letter, true)).isEmpty();

    Preview preview = previews.of(letter, true);

    assertThat(preview.format()).isEqualTo(Format.AVRO);
    assertThat(preview.schema()).isEqualTo(new Preview.SchemaName(7, List.of("orders-value")));
    assertThat(preview.value().toString())
        .isEqualTo("{\"id\":12,\"iban\":\"DE02\",\"lines\":[1.5,2.0],\"to\":{\"city\":\"Ulm\"}}");
    assertThat(previews.remembered(letter, true)).contains(preview.value());
    int asked = registry.asked.size();
    assertThat(previews.of(letter, true)).isEqualTo(preview);
    assertThat(registry.asked).hasSize(asked);
    assertThat(registry.authorizations).containsOnly("Basic dXNlcjpwYXNz");
  }

  @Test
  void masksHoldForWhatWasDecoded() throws IOException {
    registerOrder();
    Letter letter = letter(framed(7, order()));
    assertThat(previews.of(letter, false).value().toString())
        .contains("\"iban\":\"***\"")
        .doesNotContain("DE02");
    assertThat(previews.remembered(letter, false).orElseThrow().toString()).doesNotContain("DE02");
    Letter unknown = letter(framed(8, order()));
    assertThat(previews.of(unknown, false).format()).isEqualTo(Format.HIDDEN);
    assertThat(previews.of(unknown, true).hex()).startsWith("0000000008");
  }

  @Test
  void protobufIsDecodedByItsPath() {
    registry.put("/schemas/ids/3", 200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message…\"}");
    registry.put(
        "/schemas/ids/3?format=serialized",
        200,
        "{\"schemaType\":\"PROTOBUF\",\"schema\":\"" + proto() + "\"}");
    byte[] first = {0, 0x08, 42};
    byte[] nested = {4, 0, 0, 0x0a, 2, 'o', 'k'};

    assertThat(previews.of(letter(framed(3, first)), true).value().toString())
        .isEqualTo("{\"some_id\":\"42\"}");
    Preview preview = previews.of(letter(framed(3, nested)), true);
    assertThat(preview.format()).isEqualTo(Format.PROTOBUF);
    assertThat(preview.value().toString()).isEqualTo("{\"note\":\"ok\"}");
    byte[] nowhere = {4, 0, 8, 1};
    assertThat(previews.of(letter(framed(3, nowhere)), true).tried().get(0))
        .contains("no message at the data's index");
  }

  @Test
  void jsonBehindAnIdIsShown() {
    registry.put("/schemas/ids/4", 200, "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");
    Preview preview =
        previews.of(
            letter(framed(4, "{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8))), true);
    assertThat(preview.format()).isEqualTo(Format.JSON);
    assertThat(preview.value().toString()).isEqualTo("{\"a\":1}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "404 | {} | does not know it",
        "500 | {} | status 500",
        "401 | {} | check registry.user",
        "302 | {} | status 302",
        "200 | nonsense | no JSON",
        "200 | [] | holds no schema",
        "200 | {'schema': 7} | holds no schema",
        "200 | {'schema': '{'} | no Avro schema",
        "200 | {'schemaType': 'XML', 'schema': ''} | not AVRO, PROTOBUF or JSON",
        "200 | {'schema': '\"int\"', 'references': [{'name': 'x', 'subject': 's/ü', 'version': 1}]} |"
            + " does not know it"
      })
  void anAnswerOfNoUseIsToldAndRemembered(int status, String body, String why) {
    registry.put("/schemas/ids/7", status, body.replace("\"", "\\\"").replace('\'', '"'));
    Letter letter = letter(framed(7, new byte[] {1}));
    Preview preview = previews.of(letter, true);
    assertThat(preview.format()).isEqualTo(Format.BINARY);
    assertThat(preview.tried().get(0)).startsWith("schema 7: ").contains(why);
    int asked = registry.asked.size();
    assertThat(previews.of(letter, true).tried()).isEqualTo(preview.tried());
    assertThat(registry.asked).hasSize(asked);
  }

  @Test
  void anAnswerWithoutEndIsGivenUp() {
    registry.put("/schemas/ids/7", 200, "[" + " ".repeat(3 << 20) + "]");
    assertThat(previews.of(letter(framed(7, new byte[] {1})), true).tried().get(0))
        .contains("too long");
  }

  @Test
  void aRegistryThatHangsHoldsOneRequestUpAndThenIsLeftAlone() {
    registry.hang("/schemas/ids/7");
    Previews impatient = previews(registry.url(), CLOCK, "1s");
    assertThat(impatient.of(letter(framed(7, new byte[] {1})), true).tried().get(0))
        .contains("too long");
    assertThat(impatient.of(letter(framed(9, new byte[] {1})), true).tried().get(0))
        .contains("too long");
    assertThat(registry.asked).containsExactly("/schemas/ids/7");
  }

  @Test
  void aRegistryThatIsBackIsAskedAgain() throws IOException {
    String gone = registry.url();
    registry.put("/schemas/ids/7", 500, "");
    Later clock = new Later();
    Previews later = previews(gone, clock);
    Letter letter = letter(framed(7, order()));
    assertThat(later.of(letter, true).format()).isEqualTo(Format.BINARY);
    registerOrder();
    assertThat(later.of(letter, true).format()).isEqualTo(Format.BINARY);
    clock.now = clock.now.plus(Duration.ofSeconds(31));
    assertThat(later.of(letter, true).format()).isEqualTo(Format.AVRO);
  }

  @Test
  void aRegistryThatIsNotThereIsTold() {
    registry.close();
    assertThat(previews.of(letter(framed(7, new byte[] {1})), true).tried().get(0))
        .contains("can't be reached");
    Previews none = previews(null, CLOCK);
    assertThat(none.of(letter(framed(7, new byte[] {1})), true).tried().get(0))
        .contains("registry.url");
  }

  /** Lengths and counts that the bytes do not hold, unions out of range, bytes too many. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "18",
        "1804",
        "180202",
        "1802feffffff0f",
        "1800feffffffffffffffff01",
        "18000006556c6dff"
      })
  void hostileAvroIsBinary(String hex) throws IOException {
    registerOrder();
    Preview preview = previews.of(letter(framed(7, HexFormat.of().parseHex(hex))), true);
    assertThat(preview.format()).isEqualTo(Format.BINARY);
    assertThat(preview.tried()).isNotEmpty();
  }

  @Test
  void aBillionNullsAreNotBuilt() {
    registry.put(
        "/schemas/ids/7",
        200,
        "{\"schema\":\"{\\\"type\\\":\\\"array\\\",\\\"items\\\":\\\"null\\\"}\"}");
    byte[] billion = {(byte) 0x80, (byte) 0xa8, (byte) 0xd6, (byte) 0xb9, 7, 0};
    assertThat(previews.of(letter(framed(7, billion)), true).tried().get(0))
        .contains("too many values");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"a\":1} | JSON", "plain text | TEXT", "12 | JSON", "be\u0007ll | BINARY"})
  void whatNeedsNoRegistryIsRecognised(String payload, Format format) {
    assertThat(previews.of(letter(RawBytes.utf8(payload)), true).format()).isEqualTo(format);
    assertThat(registry.asked).isEmpty();
  }

  @Test
  void aTombstoneHasNoPreview() {
    assertThat(previews.of(letter((RawBytes) null), true).format()).isEqualTo(Format.NONE);
  }

  private void registerOrder() {
    registry.put(
        "/schemas/ids/7",
        200,
        "{\"schema\":"
            + TextNode.valueOf(ORDER)
            + ",\"references\":[{\"name\":\"Address\",\"subject\":\"a/b c\",\"version\":2}]}");
    registry.put(
        "/subjects/a%2Fb%20c/versions/2", 200, "{\"schema\":" + TextNode.valueOf(ADDRESS) + "}");
    registry.put("/schemas/ids/7/subjects", 200, "[\"orders-value\"]");
  }

  private static byte[] order() throws IOException {
    Schema.Parser parser = new Schema.Parser();
    Schema address = parser.parse(ADDRESS);
    Schema schema = parser.parse(ORDER);
    GenericRecord to = new GenericData.Record(address);
    to.put("city", "Ulm");
    GenericRecord order = new GenericData.Record(schema);
    order.put("id", 12L);
    order.put("iban", "DE02");
    order.put("lines", List.of(1.5, 2.0));
    order.put("to", to);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(schema).write(order, out);
    out.flush();
    return bytes.toByteArray();
  }

  private static String proto() {
    FileDescriptorProto file =
        FileDescriptorProto.newBuilder()
            .setName("order.proto")
            .setSyntax("proto3")
            .addDependency("confluent/meta.proto")
            .addMessageType(
                DescriptorProto.newBuilder()
                    .setName("Order")
                    .addField(field("some_id", FieldDescriptorProto.Type.TYPE_INT64))
                    .addNestedType(
                        DescriptorProto.newBuilder()
                            .setName("Line")
                            .addField(field("note", FieldDescriptorProto.Type.TYPE_STRING))))
            .build();
    return Base64.getEncoder().encodeToString(file.toByteArray());
  }

  private static FieldDescriptorProto field(String name, FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(1)
        .setType(type)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
        .build();
  }

  private static RawBytes framed(int id, byte[] data) {
    return RawBytes.of(
        ByteBuffer.allocate(5 + data.length).put((byte) 0).putInt(id).put(data).array());
  }

  private static Letter letter(RawBytes value) {
    return new Letter(
        LetterId.of("billing", "r-1"), Letters.pending(), MemoryLedger.detail(value, "c"));
  }

  private static Previews previews(String url, Clock clock) {
    // Long, so that a busy machine is not taken for a registry that hangs.
    return previews(url, clock, "20s");
  }

  private static Previews previews(String url, Clock clock, String timeout) {
    Map<String, String> settings = new HashMap<>();
    settings.put("pipelines[0].id", "billing");
    settings.put("pipelines[0].masks.paths", "$.iban");
    settings.put("registry.user", "user");
    settings.put("registry.password", "pass");
    settings.put("registry.timeout", timeout);
    if (url != null) {
      settings.put("registry.url", url + "/");
    }
    var loaded = SettingsLoader.of(settings);
    return new Previews(Masks.of(loaded), new SchemaRegistry(loaded.registry(), clock));
  }

  private static final class Later extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
