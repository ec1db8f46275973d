// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.query.peer.PeerFiles.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that behave and peers that do not, behind real sockets. */
@Timeout(120)
class PeerFilesTest {
  private static final byte[] QUESTION = "{}".getBytes(UTF_8);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Test
  void eachPeerAnswersOrIsNamedWithTheReason() throws IOException {
    try (FakePeer good = new FakePeer(FakePeer.saying(200, "yes"));
        FakePeer other = new FakePeer(FakePeer.saying(401, ""));
        FakePeer hanging = new FakePeer(FakePeer.hanging());
        FakePeer dripping = new FakePeer(FakePeer.dripping());
        FakePeer endless = new FakePeer(FakePeer.endless());
        PeerFiles files =
            files(
                Set.of(
                    good.address(),
                    other.address(),
                    hanging.address(),
                    dripping.address(),
                    endless.address()))) {
      Map<URI, Answer> answers = files.askAll(QUESTION).orElseThrow();

      assertThat(answers).hasSize(5);
      assertThat(answers.get(good.address()).bytes().text()).isEqualTo("yes");
      assertThat(answers.get(other.address()).reason()).contains("401");
      assertThat(answers.get(hanging.address()).reason()).contains("did not answer");
      assertThat(answers.get(dripping.address()).came()).isFalse();
      assertThat(answers.get(endless.address()).came()).isFalse();
    }
  }

  @Test
  void aFileThatStallsIsGivenUpAndNeverPassesForWhole() throws IOException {
    try (FakePeer stalling = new FakePeer(FakePeer.stalling());
        PeerFiles files = files(Set.of())) {
      InputStream in = files.open(stalling.address(), QUESTION);
      assertThat(in.readNBytes(1_000)).hasSize(1_000);
      assertThatThrownBy(in::read).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aBoundedNumberIsReadAtATimeAndEachEndMakesRoom() throws IOException {
    try (FakePeer good = new FakePeer(FakePeer.saying(200, "a file"));
        PeerFiles files = files(Set.of())) {
      List<InputStream> open = new ArrayList<>();
      for (int i = 0; i < PeerFiles.STREAMS_AT_ONCE; i++) {
        open.add(files.open(good.address(), QUESTION));
      }
      assertThatThrownBy(() -> files.open(good.address(), QUESTION))
          .hasMessageContaining("are read now");
      for (InputStream one : open) {
        assertThat(new String(one.readAllBytes(), UTF_8)).isEqualTo("a file");
        one.close();
        one.close();
      }
      good.behaves(FakePeer.saying(404, ""));
      for (int i = 0; i <= PeerFiles.STREAMS_AT_ONCE; i++) {
        assertThatThrownBy(() -> files.open(good.address(), QUESTION)).hasMessageContaining("404");
      }
      good.behaves(FakePeer.saying(200, "again"));
      files.open(good.address(), QUESTION).close();
    }
  }

  private static PeerFiles files(Set<URI> others) {
    return new PeerFiles(
        () -> Optional.of(others), FakePeer.SECRET, PATIENCE, Duration.ofMillis(500));
  }
}
