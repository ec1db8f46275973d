// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.repartition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.codec.GroupCodec;
import dev.redrive.codec.IntakeMark;
import dev.redrive.codec.RowKey;
import dev.redrive.letter.FailureGroup;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NewRowsTest {
  private static final UUID TOPIC = new UUID(1, 2);
  private final NewRows rows = new NewRows(3);

  @Test
  void theHighestMarkOfAnyPartitionIsEveryPartitions() {
    assertThat(rows.of(RowKey.mark(TOPIC, 0), new IntakeMark(7, 1).encode())).isEmpty();
    assertThat(rows.of(RowKey.mark(TOPIC, 0), new IntakeMark(9, 0).encode())).isEmpty();
    assertThat(rows.of(RowKey.mark(TOPIC, 0), new IntakeMark(8, 5).encode())).isEmpty();

    assertThat(rest(RowKey.MARK))
        .hasSize(3)
        .extracting(row -> IntakeMark.decode(row.value().get()))
        .containsOnly(new IntakeMark(9, 0));
    assertThat(rest(RowKey.MARK)).extracting(NewRows.Row::partition).containsExactly(0, 1, 2);
  }

  @Test
  void changesAreNumberedOnFromTheHighest() {
    rows.of(RowKey.change(), number(5));
    rows.of(RowKey.change(), number(3));

    assertThat(rest(RowKey.CHANGE))
        .hasSize(3)
        .extracting(row -> ByteBuffer.wrap(row.value().get()).getLong())
        .containsOnly(5L);
  }

  @Test
  void answersToCommandsAreKnownEverywhereAndRunsStayBehind() {
    assertThat(rows.of(RowKey.command("one"), new byte[] {1})).hasSize(3);
    assertThat(rows.of(RowKey.command("one"), null)).hasSize(3);
    assertThat(rows.of(RowKey.runSpec("run"), new byte[] {1})).isEmpty();
    assertThat(rows.of(RowKey.slot("orders"), new byte[] {1})).isEmpty();
  }

  @Test
  void groupsWithoutLettersAreOccupiedNowhere() {
    FailureGroup group = FailureGroup.appeared("grp_1", "title", 5, "orders", 0);
    rows.of(RowKey.group("grp_1"), GroupCodec.encode(group));
    rows.of(RowKey.group("grp_2"), GroupCodec.encode(group));
    rows.of(RowKey.group("grp_2"), null);

    assertThat(rest(RowKey.GROUP))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(GroupCodec.decode(row.value().get()).occupied()).isEmpty();
              assertThat(GroupCodec.decode(row.value().get()).title()).isEqualTo("title");
            });
  }

  private List<NewRows.Row> rest(byte kind) {
    return rows.rest().stream().filter(row -> row.key().get()[0] == kind).toList();
  }

  private static byte[] number(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }
}
