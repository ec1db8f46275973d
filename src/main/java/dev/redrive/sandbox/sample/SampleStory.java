// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox.sample;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What happens in the shop: the n-th record of each input topic, from 0. The first ones tell the
 * story, with all the failures in it; whatever comes later is in order. The same number makes the
 * same record, so that a restart goes on where it stopped.
 */
final class SampleStory {
  /** Record header: the id of the record, kept over replays. */
  static final String EVENT_ID = "event-id";

  static final int ORDERS = 9;
  static final int PAYMENTS = 7;
  static final int WEBHOOKS = 5;

  private static final List<String> CUSTOMERS = List.of("anna", "bent", "chloe", "dmitri", "esra");

  private SampleStory() {}

  /** The third and the seventh are cut off in the middle; the fifth and ninth were placed twice. */
  static ProducerRecord<byte[], byte[]> placed(long n) {
    String json =
        switch (number(n)) {
          case 2, 6 -> order(n).substring(0, 38);
          case 4, 8 -> order(n - 3);
          default -> order(n);
        };
    return record(OrderWork.TOPIC, "evt-" + (1001 + n), json, List.of());
  }

  /** Three meet the gateway's outage, the fifth asks for more than was authorized. */
  static ProducerRecord<byte[], byte[]> payment(long n, long now) {
    boolean outage = n == 1 || n == 2 || n == 5;
    String bank = outage ? LocalServices.BANK_WITH_OUTAGE : "south";
    long amount = 1_990 + n * 100;
    long authorized = n == 4 ? 500 : amount;
    String json =
        """
        {"payment_id":"pay-%d","order_id":"ord-%d","amount_cents":%d,"authorized_cents":%d,"bank":"%s","created_at":%d}"""
            .formatted(2001 + n, 1001 + n, amount, authorized, bank, now);
    return record(PaymentWork.TOPIC, "pay-" + (2001 + n), json, List.of());
  }

  /** The second and the fourth go to a broken endpoint, the third to one in maintenance. */
  static ProducerRecord<byte[], byte[]> webhook(long n, long now) {
    String endpoint =
        switch (number(n)) {
          case 1, 3 -> "crm";
          case 2 -> "ledger";
          default -> "shop";
        };
    String json =
        """
        {"event":"order.placed","order_id":"ord-%d","customer":"%s"}"""
            .formatted(1001 + n, customer(n));
    return record(
        WebhookWork.TOPIC,
        "msg-" + (3001 + n),
        json,
        List.of(
            header(WebhookWork.ENDPOINT, endpoint),
            header(WebhookWork.CREATED_AT, String.valueOf(now))));
  }

  private static String order(long n) {
    return """
        {"order_id":"ord-%d","customer":"%s","total_cents":%d}"""
        .formatted(1001 + n, customer(n), 1_990 + n * 100);
  }

  private static String customer(long n) {
    return CUSTOMERS.get((int) (n % CUSTOMERS.size()));
  }

  private static int number(long n) {
    return (int) Math.min(n, Integer.MAX_VALUE);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, String id, String json, List<Header> more) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, id.getBytes(UTF_8), json.getBytes(UTF_8));
    record.headers().add(header(EVENT_ID, id)).add(header("content-type", "application/json"));
    more.forEach(record.headers()::add);
    return record;
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }
}
