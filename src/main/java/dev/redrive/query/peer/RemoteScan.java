// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import dev.redrive.codec.TypedJson;
import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.letter.Letter;
import dev.redrive.query.peer.PeerClient.Heard;
import dev.redrive.store.LetterScan;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/** A scan whose snapshot is held by another instance; its letters come over in parts. */
final class RemoteScan implements LetterScan {
  private final PeerClient client;
  private final URI peer;
  private final int partition;
  private final String id;
  private boolean ended;
  private boolean closed;

  RemoteScan(PeerClient client, URI peer, int partition, String id) {
    this.client = client;
    this.peer = peer;
    this.partition = partition;
    this.id = id;
  }

  @Override
  public synchronized List<Letter> next() {
    if (closed) {
      throw new InvalidStateStoreException("The scan was closed");
    }
    Heard heard = client.ask(peer, request(false)).join();
    PeerReply reply = heard.reply();
    if (reply == null || reply.parts().size() != 1) {
      throw new InvalidStateStoreException(reply == null ? heard.reason() : "no letters came");
    }
    ScanReply next = read(reply.parts().get(0));
    ended = next.ended();
    return next.letters();
  }

  @Override
  public synchronized boolean ended() {
    return ended;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      // Nobody waits: where it does not arrive, the store ends the scan in its time.
      var unused = client.ask(peer, request(true));
    }
  }

  private PeerRequest request(boolean close) {
    return new PeerRequest(
        PeerRequest.VERSION,
        ScanRequest.NAME,
        TypedJson.write(new ScanRequest(id, close), ScanRequest.class),
        Set.of(partition),
        false);
  }

  private static ScanReply read(PeerReply.Part part) {
    @Nullable String missing = part.missing();
    if (missing != null) {
      throw new InvalidStateStoreException(missing);
    }
    try {
      if (TypedJson.read(part.value(), ScanReply.class) instanceof ScanReply reply) {
        return reply;
      }
    } catch (UnreadableBytesException e) {
      throw new InvalidStateStoreException("letters came that can't be read", e);
    }
    throw new InvalidStateStoreException("no letters came");
  }
}
