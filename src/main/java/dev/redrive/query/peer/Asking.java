// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.query.peer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.redrive.codec.TypedJson;
import dev.redrive.codec.UnreadableBytesException;
import dev.redrive.query.LocalPartitions;
import dev.redrive.query.PartitionAnswer;
import dev.redrive.query.PartitionAnswer.Missing;
import dev.redrive.query.PartitionAnswer.OfStandby;
import dev.redrive.query.PartitionAnswer.Served;
import dev.redrive.query.peer.PeerClient.Heard;
import dev.redrive.query.peer.PeerReply.Part;
import dev.redrive.query.peer.Whereabouts.Holders;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.streams.query.Query;
import org.jspecify.annotations.Nullable;

/** One query on its way to whoever can answer it: what has come, and what is still open. */
final class Asking<R> {
  private final PeerQuery kind;
  private final PeerClient client;
  private final Doubts doubts;
  private final JsonNode written;
  private final Set<Integer> open;
  private final Set<URI> asked = new HashSet<>();
  private final Map<Integer, PartitionAnswer<R>> answers = new HashMap<>();

  Asking(
      Query<R> query, PeerQuery kind, PeerClient client, Doubts doubts, Set<Integer> partitions) {
    this.kind = kind;
    this.client = client;
    this.doubts = doubts;
    this.written = TypedJson.write(query, kind.type());
    this.open = new HashSet<>(partitions);
    partitions.forEach(partition -> answers.put(partition, new Missing<>("nobody has it now")));
  }

  /** Partitions without an answer. */
  Set<Integer> open() {
    return Set.copyOf(open);
  }

  /** For each partition its answer, or why its active gave none. */
  Map<Integer, PartitionAnswer<R>> answers() {
    return answers;
  }

  /** What this process says. */
  void take(Map<Integer, PartitionAnswer<R>> local) {
    local.forEach(
        (partition, answer) -> {
          if (!(answer instanceof Missing<R> none)) {
            answered(partition, answer);
          } else if (!none.reason().equals(LocalPartitions.ELSEWHERE)) {
            answers.put(partition, none);
          }
        });
  }

  /**
   * Asks actives that were not asked yet. Where this instance itself should be the active and gave
   * no answer, the standbys are asked whether they are it by now: cut off from Kafka, this instance
   * does not hear who has taken over.
   *
   * @param sure leaves out those that lately gave no answer
   */
  void actives(Map<Integer, Holders> holders, boolean sure) {
    Map<URI, Set<Integer>> wanted = new TreeMap<>();
    for (int partition : open) {
      for (URI peer : actives(holders.get(partition))) {
        if (!asked.contains(peer) && !(sure && doubts.of(peer))) {
          wanted.computeIfAbsent(peer, p -> new HashSet<>()).add(partition);
        }
      }
    }
    asked.addAll(wanted.keySet());
    ask(wanted, false);
  }

  /** Who may be active. */
  private static List<URI> actives(@Nullable Holders known) {
    if (known == null) {
      return List.of();
    }
    URI active = known.active();
    return active == null ? known.standbys() : List.of(active);
  }

  /** Asks standbys, each partition's first that is not in doubt. */
  void standbys(Map<Integer, Holders> holders) {
    copies(open, holders, Holders::standbys);
  }

  /**
   * Asks actives that have no contact to their group what they have all the same: where its
   * coordinator is away for all instances, nobody passes for an active, and not every partition
   * need have a standby.
   */
  void copiesOfLost(Map<Integer, Holders> holders) {
    Set<Integer> lost = new HashSet<>(open);
    lost.removeIf(
        partition ->
            !(answers.get(partition) instanceof Missing<R> none
                && none.reason().endsWith(TrustedPartitions.LOST)));
    copies(lost, holders, Asking::actives);
  }

  private void copies(
      Set<Integer> partitions, Map<Integer, Holders> holders, Function<Holders, List<URI>> who) {
    Map<URI, Set<Integer>> wanted = new TreeMap<>();
    for (int partition : partitions) {
      Holders known = holders.get(partition);
      if (known != null) {
        who.apply(known).stream()
            .filter(peer -> !doubts.of(peer))
            .findFirst()
            .ifPresent(peer -> wanted.computeIfAbsent(peer, p -> new HashSet<>()).add(partition));
      }
    }
    ask(wanted, true);
  }

  private void ask(Map<URI, Set<Integer>> wanted, boolean standby) {
    Map<URI, CompletableFuture<Heard>> coming = new TreeMap<>();
    wanted.forEach(
        (peer, partitions) ->
            coming.put(
                peer,
                client.ask(
                    peer,
                    new PeerRequest(
                        PeerRequest.VERSION, kind.name(), written, partitions, standby))));
    wanted.forEach(
        (peer, partitions) -> {
          CompletableFuture<Heard> heard = coming.get(peer);
          if (heard != null) {
            heard(peer, partitions, heard.join(), standby);
          }
        });
  }

  private void heard(URI peer, Set<Integer> partitions, Heard heard, boolean standby) {
    PeerReply reply = heard.reply();
    if (reply == null) {
      doubts.silent(peer);
      if (!standby) {
        partitions.forEach(partition -> answers.put(partition, new Missing<>(heard.reason())));
      }
      return;
    }
    doubts.answered(peer);
    for (Part part : reply.parts()) {
      if (partitions.contains(part.partition()) && open.contains(part.partition())) {
        PartitionAnswer<R> answer = read(peer, part);
        if (!(standby && answer instanceof Missing)) {
          answered(part.partition(), answer);
        }
      }
    }
  }

  private void answered(int partition, PartitionAnswer<R> answer) {
    answers.put(partition, answer);
    if (!(answer instanceof Missing)) {
      open.remove(partition);
    }
  }

  @SuppressWarnings("unchecked") // each kind of query is read as the type that it is answered with
  private PartitionAnswer<R> read(URI peer, Part part) {
    String missing = part.missing();
    if (missing != null) {
      return new Missing<>(peer + ": " + missing);
    }
    Object value;
    try {
      value = TypedJson.read(part.value(), kind.answer());
    } catch (UnreadableBytesException e) {
      return new Missing<>(peer + ": its answer can't be read: " + e.getMessage());
    }
    if (value == null) {
      return new Missing<>(peer + ": its answer is empty");
    }
    if (kind.isScan()) {
      value = new RemoteScan(client, peer, part.partition(), (String) value);
    }
    Long behind = part.behind();
    return behind == null ? new Served<>((R) value) : new OfStandby<>((R) value, behind);
  }
}
