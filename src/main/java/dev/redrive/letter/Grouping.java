// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.letter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts failures of one cause into one group: per pipeline, by the deepest cause's class and the
 * first frame of the application's own code, without line numbers, so that a new build or another
 * message does not make another group. Without a trace the class and the shape of the message
 * decide; without a message the error code, else the class alone.
 *
 * <p>The id names the version of these rules. Changing them makes new groups beside the old, so it
 * needs a new version. Work is bounded by {@link StackTrace#MAX_SCANNED} characters of trace and
 * {@link MessageShape#MAX_SCANNED} of message.
 */
public final class Grouping {
  /**
   * Code that a pipeline stands on. Its frames tell how a failure travelled, not where it is from.
   */
  public static final List<String> FRAMEWORKS =
      List.of(
          "java.",
          "javax.",
          "jakarta.",
          "jdk.",
          "sun.",
          "com.sun.",
          "kotlin.",
          "kotlinx.",
          "scala.",
          "groovy.",
          "akka.",
          "org.apache.pekko.",
          "org.apache.kafka.",
          "org.apache.flink.",
          "org.apache.camel.",
          "org.apache.avro.",
          "org.apache.http.",
          "org.apache.tomcat.",
          "org.apache.catalina.",
          "org.apache.commons.",
          "org.springframework.",
          "org.hibernate.",
          "org.jboss.",
          "org.eclipse.",
          "org.postgresql.",
          "org.slf4j.",
          "org.aspectj.",
          "org.codehaus.groovy.",
          "com.fasterxml.jackson.",
          "tools.jackson.",
          "com.google.common.",
          "com.google.gson.",
          "com.google.protobuf.",
          "com.mysql.",
          "com.zaxxer.hikari.",
          "ch.qos.logback.",
          "io.confluent.",
          "io.debezium.",
          "io.grpc.",
          "io.helidon.",
          "io.micrometer.",
          "io.micronaut.",
          "io.netty.",
          "io.opentelemetry.",
          "io.quarkus.",
          "io.reactivex.",
          "io.smallrye.",
          "io.vertx.",
          "net.bytebuddy.",
          "okhttp3.",
          "oracle.jdbc.",
          "reactor.");

  /** Groups with {@link #FRAMEWORKS} skipped. */
  public static final Grouping DEFAULT = new Grouping(FRAMEWORKS);

  private static final String VERSION = "grp_1_";
  private static final int HASH_BYTES = 10;
  private static final int MAX_TITLE = 200;
  private static final String COLON = ": ";
  private static final ThreadLocal<MessageDigest> SHA256 =
      ThreadLocal.withInitial(Grouping::newDigest);

  private final Prefixes frameworks;
  private final List<GroupRule> rules;
  private final Set<String> shared;
  private final KnownGroups known = new KnownGroups();

  /**
   * What a failure has in common with others.
   *
   * @param id {@code grp_1_} and 20 hexadecimal digits
   * @param title for a person, at most 200 characters
   * @param rootCause class of the deepest cause, where the error or its trace tells
   */
  public record Group(String id, String title, @Nullable String rootCause) {

    /** Whether a title may repeat something of a message, rather than only name code. */
    public static boolean titleTells(String title) {
      return title.contains(COLON);
    }
  }

  /**
   * Groups by other frameworks' frames.
   *
   * @param frameworks starts of class names whose frames are skipped
   */
  public Grouping(List<String> frameworks) {
    this(frameworks, List.of());
  }

  /**
   * Groups by other frameworks' frames, and by rules before them.
   *
   * @param frameworks starts of class names whose frames are skipped
   * @param rules the first that fits names the group
   */
  public Grouping(List<String> frameworks, List<GroupRule> rules) {
    this.frameworks = new Prefixes(frameworks);
    this.rules = List.copyOf(rules);
    this.shared = rules.stream().map(rule -> byRule(rule, null).id()).collect(Collectors.toSet());
  }

  /** Whether a rule makes this group, so that letters of several pipelines may be in it. */
  public boolean isShared(String groupId) {
    return shared.contains(groupId);
  }

  /** Empty where the error says nothing to group by. */
  public Optional<Group> group(String pipelineId, FailureError error) {
    Optional<Group> found = byCause(pipelineId, error);
    if (rules.isEmpty()) {
      return found;
    }
    String root = found.map(Group::rootCause).orElse(error.rootCause());
    return rules.stream()
        .filter(rule -> rule.fits(pipelineId, error, root))
        .findFirst()
        .map(rule -> byRule(rule, root))
        .or(() -> found);
  }

  private Optional<Group> byCause(String pipelineId, FailureError error) {
    Group before = known.find(pipelineId, error);
    if (before != null) {
      return Optional.of(before);
    }
    String trace = error.stackTrace();
    StackTrace.Cause cause =
        trace == null || trace.isEmpty() ? null : StackTrace.deepestCause(trace, frameworks);
    String root = rootCause(error, cause);
    String type = root == null ? "" : ClassNames.normalised(root);
    if (cause != null && cause.frame() != null) {
      Group byTrace =
          named(pipelineId, "frame", type, cause.frame(), title(type, " in ", cause.frame()), root);
      known.keep(pipelineId, error, byTrace);
      return Optional.of(byTrace);
    }
    String message = error.message();
    if (message != null && !message.isBlank()) {
      String shape = MessageShape.of(message);
      return Optional.of(
          named(pipelineId, "message", type, shape, title(type, COLON, shape), root));
    }
    String code = error.code();
    if (code != null && !code.isBlank()) {
      return Optional.of(named(pipelineId, "code", "", code, code, root));
    }
    return type.isEmpty()
        ? Optional.empty()
        : Optional.of(named(pipelineId, "class", type, "", type, root));
  }

  private static @Nullable String rootCause(FailureError error, StackTrace.@Nullable Cause cause) {
    if (error.rootCause() != null) {
      return error.rootCause();
    }
    return cause != null && cause.className() != null ? cause.className() : error.className();
  }

  private static Group byRule(GroupRule rule, @Nullable String root) {
    return named("", "rule", "", rule.name(), rule.name(), root);
  }

  private static Group named(
      String pipelineId,
      String rule,
      String type,
      String place,
      String title,
      @Nullable String root) {
    MessageDigest digest = SHA256.get();
    // A zero byte ends each part, or parts that are split differently would be one group.
    for (String part : List.of(pipelineId, rule, type, place)) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    String hash = HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    String shown = title.length() <= MAX_TITLE ? title : title.substring(0, MAX_TITLE - 1) + "…";
    return new Group(VERSION + hash, shown, root);
  }

  /** A message always follows a colon, by which {@link Group#titleTells} knows it. */
  private static String title(String type, String between, String place) {
    if (type.isEmpty()) {
      return between.equals(COLON) ? "Error" + COLON + place : place;
    }
    return ClassNames.simple(type) + between + place;
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
