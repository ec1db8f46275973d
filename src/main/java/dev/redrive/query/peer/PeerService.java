// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.codec.TypedJson;
import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.OfStandby;
import dev.redrive.query.PartitionAnswer.Served;
import dev.redrive.query.Partitions;
import dev.redrive.query.peer.PeerReply.Part;
import dev.redrive.store.LetterScan;
import dev.redrive.store.ScanQuery;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.query.Query;

/** Answers the other instances from the partitions of this one. It asks nobody itself. */
public final class PeerService {
  private final Partitions actives;
  private final Partitions standbys;
  private final Clock clock;
  private final OpenScans scans = new OpenScans();

  public PeerService(Partitions actives, Partitions standbys, Clock clock) {
    this.actives = actives;
    this.standbys = standbys;
    this.clock = clock;
  }

  /**
   * Answers a request of {@link PeerPartitions}.
   *
   * @throws UnreadableBytesException saying what is wrong with the request
   */
  public byte[] answer(byte[] bytes) {
    PeerRequest request = (PeerRequest) TypedJson.decode(bytes, PeerRequest.class);
    if (request.version() != PeerRequest.VERSION) {
      throw new UnreadableBytesException(
          "asked in version "
              + request.version()
              + " of the protocol of peers; this Redrive speaks "
              + PeerRequest.VERSION);
    }
    List<Part> parts =
        request.name().equals(ScanRequest.NAME) ? goOn(request) : ask(request, kind(request));
    return TypedJson.encode(new PeerReply(request.name(), parts), PeerReply.class);
  }

  private static PeerQuery kind(PeerRequest request) {
    return PeerQuery.named(request.name())
        .orElseThrow(
            () -> new UnreadableBytesException("this Redrive knows no query " + request.name()));
  }

  private List<Part> ask(PeerRequest request, PeerQuery kind) {
    Object query = Objects.requireNonNull(TypedJson.read(request.query(), kind.type()));
    Set<Integer> here = new HashSet<>(request.partitions());
    here.removeIf(partition -> partition < 0 || partition >= actives.count());
    Partitions asked = request.standby() && kind.standby() ? standbys : actives;
    return ask((Query<?>) query, kind, asked, here);
  }

  private <R> List<Part> ask(
      Query<R> query, PeerQuery kind, Partitions asked, Set<Integer> partitions) {
    List<Part> parts = new ArrayList<>();
    asked.ask(query, partitions).forEach((p, answer) -> parts.add(part(p, query, kind, answer)));
    return parts;
  }

  private <R> Part part(int p, Query<R> query, PeerQuery kind, PartitionAnswer<R> answer) {
    if (answer instanceof OfStandby<R> old) {
      return new Part(p, value(kind, old.value()), null, old.behind());
    }
    if (answer instanceof Served<R> served) {
      if (query instanceof ScanQuery scan && served.value() instanceof LetterScan found) {
        return scans
            .add(found, scan.until(), clock.millis())
            .map(id -> new Part(p, value(kind, id), null, null))
            .orElseGet(() -> missing(p, "too many exports read from it"));
      }
      return new Part(p, value(kind, served.value()), null, null);
    }
    return missing(p, ((Missing<R>) answer).reason());
  }

  private List<Part> goOn(PeerRequest request) {
    ScanRequest asked =
        (ScanRequest) Objects.requireNonNull(TypedJson.read(request.query(), ScanRequest.class));
    int partition = request.partitions().stream().findFirst().orElse(0);
    if (asked.close()) {
      scans.close(asked.id());
      return List.of();
    }
    Optional<ScanReply> found = scans.next(asked.id());
    return List.of(
        found
            .map(next -> new Part(partition, TypedJson.write(next, ScanReply.class), null, null))
            .orElseGet(() -> missing(partition, "it moved, or reading took too long")));
  }

  private static Part missing(int partition, String reason) {
    return new Part(partition, null, reason, null);
  }

  private static <R> JsonNode value(PeerQuery kind, R value) {
    return TypedJson.write(kind.bound().apply(value), kind.answer());
  }
}
