// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.FailureGroup;
import dev.redrive.letter.FailureGroup.State;
import dev.redrive.letter.LetterId;
import dev.redrive.store.GroupFacts;
import dev.redrive.store.GroupQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsTest {
  private static final String MESSAGE = "redrive-error-message";

  @TempDir Path directory;

  private TopologyFixture redrive;

  @BeforeEach
  void start() {
    redrive =
        new TopologyFixture(
            directory,
            Map.of(
                "groups.rules[0].name", "the database",
                "groups.rules[0].message", "connection pool",
                "groups.rules[0].pipelines", "billing,shipping"));
  }

  @AfterEach
  void stop() {
    redrive.close();
  }

  @Test
  void aGroupAppearsOnce() {
    LetterId first = redrive.fail("billing", "r-1", MESSAGE, "no such account 4711");
    LetterId last = redrive.fail("billing", "r-2", MESSAGE, "no such account 4712");
    redrive.fail("billing", "r-1", MESSAGE, "no such account 4711");
    assertThat(redrive.groupEvents()).containsExactly("group.appeared");
    GroupFacts facts = facts(group(first));
    assertThat(group(first)).isEqualTo(group(last)).startsWith("grp_1_");
    assertThat(facts.group().title()).isEqualTo("Error: no such account {}");
    assertThat(facts.group().occupied()).containsOnlyKeys("billing");
    assertThat(facts.group().state(TopologyFixture.START.toEpochMilli() + 1_000, 60_000))
        .isEqualTo(State.NEW);
    redrive.fail("billing", "r-2", MESSAGE, "something else");
    assertThat(redrive.groupEvents()).containsExactly("group.appeared");
  }

  @Test
  void aGroupThatHadNoLettersAnyMoreComesBackRegressed() {
    LetterId one = redrive.fail("billing", "r-1");
    LetterId other = redrive.fail("billing", "r-2");
    String group = group(one);
    redrive.groupEvents();
    discard(one);
    assertThat(facts(group).group().emptySince()).isZero();
    redrive.fail("billing", "r-1");
    assertThat(redrive.groupEvents()).isEmpty();
    discard(one);
    discard(other);
    assertThat(facts(group).group().occupied()).isEmpty();
    assertThat(facts(group).newest()).isNull();

    redrive.advance(Duration.ofDays(30));
    redrive.fail("billing", "r-3");
    assertThat(redrive.groupEvents()).containsExactly("group.regressed");
    FailureGroup back = facts(group).group();
    long now = TopologyFixture.START.plus(Duration.ofDays(30)).toEpochMilli();
    assertThat(back.state(now + 60_000, Duration.ofHours(24).toMillis()))
        .isEqualTo(State.REGRESSED);
    assertThat(back.state(now + Duration.ofDays(2).toMillis(), Duration.ofHours(24).toMillis()))
        .isEqualTo(State.ONGOING);
    assertThat(back.firstSeen()).isLessThan(back.cameBack());
  }

  @Test
  void aRetryThatIsOutKeepsItsGroup() {
    LetterId id = redrive.fail("billing", "r-1");
    redrive.replay(id);
    assertThat(facts(group(id)).group().emptySince()).isZero();
    redrive.outcome("{\"letter_id\":\"" + id + "\",\"outcome\":\"succeeded\"}");
    assertThat(redrive.letters()).isEmpty();
    redrive.fail("billing", "r-1");
    assertThat(redrive.groupEvents()).containsExactly("group.appeared", "group.regressed");
    assertThat(redrive.figures.groupsAppeared.sum()).isEqualTo(1);
    assertThat(redrive.figures.groupsRegressed.sum()).isEqualTo(1);
  }

  @Test
  void aGroupWithoutLettersIsForgottenInTheEnd() {
    LetterId id = redrive.fail("billing", "r-1");
    String group = group(id);
    discard(id);
    redrive.advance(Duration.ofDays(89));
    assertThat(redrive.query(new GroupQuery(Set.of(group), Set.of()))).containsKey(group);
    redrive.advance(Duration.ofDays(2));
    assertThat(redrive.query(new GroupQuery(Set.of(group), Set.of()))).isEmpty();
  }

  @Test
  void aRuleNamesAGroupOverPipelines() {
    LetterId one = redrive.fail("billing", "r-1", MESSAGE, "connection pool of 10 exhausted");
    LetterId other = redrive.fail("shipping", "r-1", MESSAGE, "a connection pool timed out");
    LetterId outside = redrive.fail("audit", "r-1", MESSAGE, "connection pool of 10 exhausted");
    assertThat(group(one)).isEqualTo(group(other)).isNotEqualTo(group(outside));
    FailureGroup group = facts(group(one)).group();
    assertThat(group.title()).isEqualTo("the database");
    assertThat(group.occupied()).containsOnlyKeys("billing", "shipping");
    assertThat(redrive.groupEvents()).containsExactly("group.appeared", "group.appeared");
  }

  private String group(LetterId id) {
    return redrive.letter(id).orElseThrow().head().facts().groupId();
  }

  private GroupFacts facts(String group) {
    return redrive.query(new GroupQuery(Set.of(group), Set.of())).get(group);
  }

  private void discard(LetterId id) {
    assertThat(redrive.command("{\"type\":\"discard\",\"letter_ids\":[\"" + id + "\"]}").accepted())
        .isTrue();
  }
}
