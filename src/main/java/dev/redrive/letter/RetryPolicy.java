// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import dev.redrive.letter.LetterState.Pending;
import dev.redrive.letter.Step.Write;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When the letters of a pipeline are replayed unasked, and when no more. What it decides follows
 * from the letter and the time alone, jitter included.
 *
 * <p>Only a failure makes a letter due. After silence it is not: the replay may have worked, and
 * sending it again would do it twice.
 *
 * @param delays after the first failure, the second, and so on; the last one stands for all others
 * @param maxAttempts the failed attempts after which a letter is parked
 * @param jitterPercent by how much of itself a delay may be shorter or longer
 */
public record RetryPolicy(List<Duration> delays, int maxAttempts, int jitterPercent) {

  /** No replay of the letter as it is will ever go, whatever happens to its retry topic. */
  private static final Set<Refusal.Code> HOPELESS =
      EnumSet.of(
          Refusal.Code.NO_PAYLOAD,
          Refusal.Code.ORIGINAL_GONE,
          Refusal.Code.TARGET_UNKNOWN,
          Refusal.Code.TARGET_IS_ERROR_TOPIC);

  /** A refused replay is not tried again sooner, however short the delays are. */
  private static final Duration SHORTEST_HOLD = Duration.ofMinutes(1);

  public RetryPolicy {
    delays = List.copyOf(delays);
    if (delays.isEmpty()) {
      throw new IllegalArgumentException("no delay");
    }
  }

  /** What a change leaves in the letter: where it counted a failure, when the replay is due. */
  public LetterHead scheduled(LetterId id, Write change, long now) {
    LetterHead head = change.head();
    return counts(change.told()) && !usedUp(head) && head.state() instanceof Pending pending
        ? head.in(pending.retriedAt(now + delay(id, head)))
        : head;
  }

  /** The same for a letter that something just happened to: only another failure parks it. */
  public Optional<Step> parking(LetterHead head, LetterEvent happened, long now) {
    return counts(happened) ? parking(head, now) : Optional.empty();
  }

  /** Parks a letter whose attempts are used up; empty where they are not, or where it is out. */
  public Optional<Step> parking(LetterHead head, long now) {
    if (!usedUp(head) || !(head.state() instanceof Pending)) {
      return Optional.empty();
    }
    String why =
        "it failed "
            + head.attemptCount()
            + " times, and automatic retry ends at "
            + maxAttempts
            + "; replay or discard it";
    return Optional.of(Transitions.parked(head, why, now));
  }

  /**
   * An automatic replay was refused. What nobody can mend parks the letter; else it is tried again
   * later, after the longest delay.
   */
  public Step refused(LetterHead head, Refusal refusal, long now) {
    if (HOPELESS.contains(refusal.code())) {
      return Transitions.parked(head, "automatic retry gave up: " + refusal.message(), now);
    }
    long longest = delays.stream().mapToLong(Duration::toMillis).max().orElseThrow();
    long later = now + Math.max(longest, SHORTEST_HOLD.toMillis());
    return Transitions.heldUp(head, refusal.message(), later, now);
  }

  private static boolean counts(LetterEvent happened) {
    return switch (happened) {
      case FAILED, FAILED_AGAIN, REPLAY_FAILED -> true;
      default -> false;
    };
  }

  private boolean usedUp(LetterHead head) {
    return head.attemptCount() >= maxAttempts;
  }

  private long delay(LetterId id, LetterHead head) {
    int failures = Math.max(1, head.attemptCount());
    long delay = delays.get(Math.min(failures, delays.size()) - 1).toMillis();
    // The id is the start of a hash; stirred with the attempt it is as good as chance.
    long stirred = (id.low() ^ (failures * 0x9E3779B97F4A7C15L)) * 0xBF58476D1CE4E5B9L;
    double between = (stirred >>> 11) * 0x1.0p-52 - 1;
    return Math.max(0, delay + Math.round(delay * between * jitterPercent / 100));
  }
}
