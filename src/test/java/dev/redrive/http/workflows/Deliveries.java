// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.workflows;

import dev.redrive.letter.FailureDetail;
import dev.redrive.letter.FailureFacts;
import dev.redrive.letter.HttpDelivery;
import dev.redrive.letter.HttpDelivery.Response;
import dev.redrive.letter.HttpFacts;
import dev.redrive.letter.LetterId;
import dev.redrive.letter.RawBytes;
import dev.redrive.query.MemoryLedger;
import java.util.List;
import java.util.Map;

/** Failed HTTP deliveries, for tests. */
public final class Deliveries {
  public static final RawBytes LATIN = RawBytes.of(new byte[] {(byte) 0xe9, 'a'});

  private Deliveries() {}

  /** One with every field; its labels are {@code first} and {@code second}. */
  public static LetterId put(MemoryLedger ledger, String name, long at, RawBytes body) {
    FailureFacts plain = MemoryLedger.facts("workflows", name, at, "500");
    HttpFacts http =
        new HttpFacts("wfr_" + name, "https://a.example/w", "fk", "1.2.3.4", "CALLBACK_FAIL");
    FailureFacts facts =
        new FailureFacts(
            plain.pipelineId(),
            name,
            plain.origin(),
            plain.kind(),
            null,
            plain.errorCode(),
            null,
            null,
            at,
            at,
            at,
            3,
            List.of("first", "second"),
            null,
            plain.fidelity(),
            plain.position(),
            null,
            http);
    FailureDetail detail = MemoryLedger.detail(body, "500");
    return ledger.put(
        facts,
        new FailureDetail(
            detail.raw(),
            detail.dialect(),
            detail.conventions(),
            detail.error(),
            detail.source(),
            null,
            delivery(name, at),
            List.of(),
            null));
  }

  private static HttpDelivery delivery(String name, long at) {
    return new HttpDelivery(
        "msg_" + name,
        at - 10,
        "https://a.example/w/step?x=1,2",
        "PUT",
        Map.of("Content-Type", List.of("text/plain"), "Upstash-Retries", List.of("3")),
        3,
        "pow(2, retried)",
        at - 5,
        at - 7,
        new Response(502, Map.of("Via", List.of("a", "b")), LATIN),
        10,
        3,
        60,
        "https://a.example/callback",
        Map.of(),
        "https://a.example/failed",
        Map.of("X", List.of("y")),
        new Response(500, Map.of("A", List.of("b")), RawBytes.utf8("no")),
        "topic",
        "endpoint",
        "queue",
        "schedule");
  }
}
