// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.PayloadView;
import dev.redrive.letter.LetterId;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever is shown a payload, or a part of one, is told to the audit. */
@Timeout(60)
class ViewsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/dlq",
        "/api/dlq/{id}",
        "/v2/workflows/dlq",
        "/v2/workflows/dlq/{id}",
        "/v2/dlq",
        "/v2/dlq/{id}"
      })
  void whatShowsPayloadsTellsWhoLookedAndAtWhich(String path) throws IOException {
    try (Api api = Api.start()) {
      LetterId id = api.ledger.fail("a", "1", 1_000, "x", "{}");
      assertThat(api.call("GET", path.replace("{id}", id.toString()), Api.VIEWER, null).status())
          .isEqualTo(200);
      assertThat(api.views)
          .containsExactly(new PayloadView("vic", "GET " + path, false, List.of(id), null));
    }
  }

  @Test
  void whatShowsNoPayloadTellsNothing() throws IOException {
    try (Api api = Api.start()) {
      LetterId id = api.ledger.fail("declared", "1", 1_000, "x", "{}");
      for (String path :
          List.of(
              "/api/dlq/stats",
              "/api/groups",
              "/api/dlq?pipeline_id=none",
              "/v2/pipelines/declared/dead_letters",
              "/v2/pipelines/declared/dead_letters/" + id)) {
        assertThat(api.get(path).status()).isEqualTo(200);
      }
      assertThat(api.call("GET", "/api/dlq/" + id, Api.ONLY_A, null).status()).isEqualTo(404);
      assertThat(api.views).isEmpty();
    }
  }
}
