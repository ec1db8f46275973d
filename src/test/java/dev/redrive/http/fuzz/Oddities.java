// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import java.util.List;
import java.util.Random;

/** Texts and JSON that have broken servers. */
final class Oddities {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\t",
          "null",
          "true",
          "-1",
          "0",
          "1e9",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775809",
          "2147483648",
          "NaN",
          "١٢٣",
          "0x10",
          "1_000",
          "+5",
          "1.0",
          "../../etc/passwd",
          "..",
          ".",
          "a/b",
          "a%2Fb",
          "a\\b",
          "%",
          "%zz",
          "%00",
          "\u0000",
          "\u0001\u001f\u007f",
          "\r\nX-Injected: yes",
          "'\"`;--",
          "' OR 1=1 --",
          "<script>alert(1)</script>",
          "${jndi:ldap://127.0.0.1:1/x}",
          "{{7*7}}",
          "é",
          "ß İ ı",
          "日本語",
          "🙂🙃",
          "e\u0301",
          "\u202e\u200b\ufeff",
          "\ud800",
          "\udc00x",
          "\uffff",
          ",",
          ",,,",
          "a,b",
          "\\",
          "\\,",
          "a\\",
          "(",
          "(a+)+$",
          "(a{1000}){1000}",
          "[",
          "[[:alpha:]]",
          "\\p{Han}",
          "(?i)x",
          "a{99999999999}",
          "*",
          "2026-03-27T13:45:22Z",
          "2026-03-27T13:45:22.123456789+14:00",
          "+999999999-12-31T23:59:59.999999999Z",
          "-999999999-01-01T00:00:00Z",
          "2026-02-30T00:00:00Z",
          "2026-03-27",
          "1970-01-01T00:00:00-18:00",
          "dlq_",
          "dlq_7zzzzzzzzzzzzzzzzzzzzzzzzz",
          "dlq_zzzzzzzzzzzzzzzzzzzzzzzzzz",
          "pdl_00000000000000000000000000",
          "DLQ_00000000000000000000000000",
          "1752829295505-0",
          "run_",
          "run_x",
          "run_00000000_00000000000000000000000000",
          "run_auto_00000000000000000000000000_1",
          "job_",
          "job_x",
          "dlqbo_",
          "dlqbo_x",
          "grp_1_",
          "grp_1_00000000000000000000000000",
          "dlq_bulk_confirm_",
          "dlq_bulk_confirm_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          "AQ",
          "AQAAAZ0AAAAAAAAAAZ0AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          "LTEgeA",
          "OTIyMzM3MjAzNjg1NDc3NTgwNyB4",
          "kafka://",
          "kafka://orders",
          "https://a.example/w,https://b.example/w?x=1,2");

  private static final List<String> JSON =
      List.of(
          "",
          " ",
          "{",
          "}",
          "[]",
          "[[[[",
          "null",
          "true",
          "0",
          "\"\"",
          "{}{}",
          "{} x",
          "{\"a\":1,\"a\":2}",
          "{\"action\":\"delete\",\"action\":\"reprocess\"}",
          "{'action':'delete'}",
          "{\"a\":NaN}",
          "{\"a\":1e999999999}",
          "{\"a\":-1e-999999999}",
          "{\"a\":00}",
          "{\"a\":\"\\ud800\"}",
          "{\"a\":\"\\u0000\"}",
          "{\"\\u0000\":1}",
          "{\"a\":\"unterminated",
          "{\"a\":1,}",
          "/* x */ {}",
          "\ufeff{}",
          "{\"__proto__\":{}}",
          "{\"options\":{\"rate\":1e999999999}}",
          "{\"all\":true,\"options\":{\"rate\":1e400,\"max_in_flight\":1e400}}",
          "{\"all\":true,\"options\":{\"dry_run\":true,\"canary\":{\"size\":1e99,\"wait\":\"PT1S\"}}}",
          "{\"all\":true,\"options\":{\"dry_run\":true,\"canary\":{\"size\":1,\"wait\":\"99999999999d\",\"min_success\":1}}}",
          "{\"filter\":{\"since\":1e99,\"until\":-1},\"options\":{\"dry_run\":true}}",
          "{\"filter\":{\"record_id_pattern\":\"(a{1000}){1000}\"},\"options\":{\"dry_run\":true}}",
          "{\"letter_ids\":[\"dlq_00000000000000000000000000\",\"\",null,1,{}]}",
          "{\"command_id\":\"\",\"all\":true,\"options\":{\"dry_run\":true}}",
          "{\"command_id\":\"same\",\"all\":true,\"options\":{\"dry_run\":true}}",
          "{\"run_id\":\"run_x\",\"options\":{\"dry_run\":true}}",
          "{\"topic\":\"t\",\"offset\":9223372036854775808}",
          "{\"topic\":\"t\",\"timestamp\":\"+999999999-12-31T23:59:59Z\"}",
          "{\"topic\":\"t\",\"timestamp\":-9223372036854775808}",
          "{\"topic\":\"t\",\"timestamp\":1e999999999}",
          "{\"topic\":\"t\",\"headers\":[\"a\"]}",
          "{\"topic\":\"t\",\"headers\":[null,null,\"\",\"x\"]}",
          "{\"topic\":\"t\",\"key_base64\":\"*\",\"value_base64\":\"A\"}",
          "{\"topic\":\"t\",\"value\":\"{}\",\"headers\":[\"redrive-envelope\",\"1\"]}",
          "{\"topic\":\"t\",\"value\":\"{\\\"failed_at\\\":\\\"+999999999-12-31T23:59:59Z\\\"}\",\"headers\":[\"redrive-envelope\",\"1\"]}",
          "{\"topic\":\"t\",\"value\":\"{\\\"failed_at\\\":9223372036854775807}\",\"headers\":[\"redrive-envelope\",\"1\"]}",
          "{\"topic\":\"t\",\"value\":\"{\\\"records\\\":[]}\",\"headers\":[\"redrive-envelope\",\"1\"]}",
          "{\"topic\":\"t\",\"headers\":[\"kafka_dlt-original-offset\",\"x\",\"kafka_dlt-exception-fqcn\",\"y\"]}");

  private Oddities() {}

  static String text(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> "x".repeat(1 + random.nextInt(3_000));
      case 1 -> "é".repeat(1 + random.nextInt(1_000));
      case 2 -> noise(random);
      default -> TEXTS.get(random.nextInt(TEXTS.size()));
    };
  }

  static String json(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> "[".repeat(1 + random.nextInt(50_000));
      case 1 -> "{\"a\":".repeat(400 + random.nextInt(300)) + "1" + "}".repeat(700);
      case 2 -> nested("filter", 490 + random.nextInt(20));
      case 3 -> nested("options", 490 + random.nextInt(20));
      case 4 -> noise(random);
      default -> JSON.get(random.nextInt(JSON.size()));
    };
  }

  private static String nested(String field, int depth) {
    return "{\"%s\":".formatted(field) + "{\"a\":".repeat(depth) + "1" + "}".repeat(depth + 1);
  }

  private static String noise(Random random) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
    }
    return text.toString();
  }
}
