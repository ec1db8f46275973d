// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.letter.DeadLetterPosition;
import dev.redrive.letter.LetterId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowKeyTest {

  @Test
  void letterComesBackFromEitherOfItsKeys() {
    for (long seed = 0; seed < 1_000; seed++) {
      LetterId id = new Samples(seed).id();
      assertThat(RowKey.letterId(RowKey.letter(id))).isEqualTo(id);
      assertThat(RowKey.letterId(RowKey.head(id))).isEqualTo(id);
    }
  }

  @Test
  void keysOfLettersHaveTheOrderOfTheirIds() {
    List<LetterId> ids = new Samples(1).ids(500);

    List<byte[]> keys = ids.stream().map(RowKey::letter).sorted(Arrays::compareUnsigned).toList();

    assertThat(keys.stream().map(RowKey::letterId))
        .containsExactlyElementsOf(ids.stream().sorted().toList());
  }

  @Test
  void keyOfAnotherLengthIsRefused() {
    for (byte[] key : new byte[][] {{}, RowKey.change(), new byte[16], new byte[18]}) {
      assertThatThrownBy(() -> RowKey.letterId(key)).isInstanceOf(UnreadableBytesException.class);
    }
  }

  @Test
  void rowsOfDifferentKindsNeverShareAKey() {
    Set<Byte> kinds = new HashSet<>();
    for (byte[] key :
        List.of(
            RowKey.letter(LetterId.of("p", "1")),
            RowKey.head(LetterId.of("p", "1")),
            RowKey.command("c1"),
            RowKey.mark(DeadLetterPosition.NONE),
            RowKey.change())) {
      kinds.add(key[0]);
    }

    assertThat(kinds).hasSize(5);
  }

  @Test
  void marksAreApartByTopicIdAndPartition() {
    UUID topic = new UUID(1, 2);

    assertThat(RowKey.mark(topic, 0))
        .isNotEqualTo(RowKey.mark(topic, 1))
        .isNotEqualTo(RowKey.mark(new UUID(1, 3), 0));
    assertThat(RowKey.mark(new DeadLetterPosition(topic, "t", 4, 9, 0, 0)))
        .isEqualTo(RowKey.mark(topic, 4));
  }

  @Test
  void commandsOfAnyLengthHaveKeysOfOneLength() {
    assertThat(RowKey.command("")).hasSize(17).isNotEqualTo(RowKey.command("c"));
    assertThat(RowKey.command("c".repeat(10_000))).hasSize(17);
  }
}
