// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.config.load;

import dev.redrive.config.ErrorTopics;
import dev.redrive.config.JwtSettings;
import dev.redrive.config.KeySettings;
import dev.redrive.config.OwnTopics;
import dev.redrive.config.PipelineSettings;
import dev.redrive.config.Settings;
import dev.redrive.config.TlsSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Whether settings that are each right also fit each other. */
final class SettingsRules {

  private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");
  private static final int LONGEST_PIPELINE_ID = 249;
  private static final int SHORTEST_SECRET = 16;

  private final Settings settings;
  private final ErrorTopics errors;
  private final List<String> problems = new ArrayList<>();

  private SettingsRules(Settings settings) {
    this.settings = settings;
    this.errors = ErrorTopics.of(settings);
  }

  static List<String> problems(Settings settings) {
    SettingsRules rules = new SettingsRules(settings);
    rules.kafka();
    rules.keys();
    rules.tls();
    rules.peers();
    rules.ownTopics();
    rules.errorTopics();
    rules.pipelines();
    rules.diagnostics();
    return rules.problems;
  }

  private void kafka() {
    if (settings.kafka().getOrDefault("bootstrap.servers", "").isBlank()) {
      problems.add("kafka.bootstrap.servers: is missing; write for example broker-1:9092");
    }
    for (String name : new TreeSet<>(settings.kafka().keySet())) {
      ReservedKafkaSettings.insteadOf(name)
          .ifPresent(instead -> problems.add("kafka." + name + ": " + instead));
    }
  }

  private void keys() {
    List<KeySettings> keys = settings.auth().keys();
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      unique(seen, "name " + keys.get(i).name(), "auth.keys[" + i + "].name");
      unique(seen, "hash " + keys.get(i).sha256().hex(), "auth.keys[" + i + "].sha256");
    }
    JwtSettings jwt = settings.auth().jwt();
    needs("auth.jwt.jwks", jwt.jwks(), "auth.jwt.issuer", jwt.issuer());
    needs("auth.jwt.jwks", jwt.jwks(), "auth.jwt.audience", jwt.audience());
    if (keys.isEmpty() && jwt.jwks().isEmpty() && !isLoopback(settings.http().host())) {
      problems.add(
          "auth.keys: there is none, and http.host is "
              + settings.http().host()
              + ", so everybody could read and replay; add a key (redrive hash-key) or listen on"
              + " 127.0.0.1");
    }
  }

  private void tls() {
    TlsSettings tls = settings.http().tls();
    if (tls.certificate().isPresent() && tls.keystore().isPresent()) {
      problems.add("http.tls: has PEM files and a keystore; write one of them");
    }
    needs("http.tls.certificate", tls.certificate(), "http.tls.key", tls.key());
    needs("http.tls.key", tls.key(), "http.tls.certificate", tls.certificate());
    needs(
        "http.tls.keystore", tls.keystore(), "http.tls.keystore-password", tls.keystorePassword());
  }

  private void needs(String setting, Optional<?> value, String other, Optional<?> needed) {
    if (value.isPresent() && needed.isEmpty()) {
      problems.add(other + ": is missing, and " + setting + " is set");
    }
  }

  private void peers() {
    settings
        .peers()
        .advertised()
        .ifPresent(
            address -> {
              String path = address.getRawPath();
              if ((path != null && !path.isEmpty() && !path.equals("/"))
                  || address.getRawQuery() != null) {
                problems.add(
                    "peers.advertised: "
                        + address
                        + " has more than host and port; write for example http://redrive-0:8080");
              }
              if (settings.peers().secret().isEmpty()) {
                problems.add(
                    "peers.secret: is missing, and peers.advertised is set; write the same text"
                        + " for all instances");
              }
            });
    settings
        .peers()
        .secret()
        .filter(secret -> secret.length() < SHORTEST_SECRET)
        .ifPresent(
            secret ->
                problems.add("peers.secret: has less than " + SHORTEST_SECRET + " characters"));
  }

  private static boolean isLoopback(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Each topic has one use; only retry topics may be the same. */
  private void ownTopics() {
    Map<String, String> seen = new HashMap<>();
    OwnTopics.bySetting(settings)
        .forEach(
            (setting, topic) -> {
              legal(setting, topic);
              String first = seen.putIfAbsent(topic, setting);
              if (first != null && !(isRetry(first) && isRetry(setting))) {
                problems.add(setting + ": " + topic + " is already the topic of " + first);
              }
            });
  }

  private static boolean isRetry(String setting) {
    return setting.equals("topics.retry") || setting.endsWith(".retry-topic");
  }

  private void errorTopics() {
    errors.names().stream().sorted().forEach(name -> legal("error topic", name));
    OwnTopics.bySetting(settings)
        .forEach(
            (setting, topic) -> {
              if (errors.names().contains(topic)) {
                problems.add(
                    topic
                        + " is an error topic and also set by "
                        + setting
                        + "; it cannot be both");
              }
              errors.patterns().stream()
                  .filter(pattern -> pattern.matcher(topic).matches())
                  .forEach(
                      pattern ->
                          problems.add(
                              "topics.error-patterns: "
                                  + pattern
                                  + " matches "
                                  + topic
                                  + ", which is Redrive's own ("
                                  + setting
                                  + "); make it narrower"));
            });
    requireErrorTopics("errors.starts.", settings.errors().starts().keySet());
    requireErrorTopics("errors.dialects.", settings.errors().dialects().keySet());
  }

  private void requireErrorTopics(String setting, Set<String> topics) {
    for (String topic : new TreeSet<>(topics)) {
      if (!errors.contains(topic)) {
        problems.add(setting + topic + ": is not the name of an error topic");
      }
    }
  }

  private void pipelines() {
    Map<String, String> seen = new HashMap<>();
    for (int i = 0; i < settings.pipelines().size(); i++) {
      PipelineSettings pipeline = settings.pipelines().get(i);
      String where = "pipelines[" + i + "]";
      if (pipeline.id().length() > LONGEST_PIPELINE_ID) {
        problems.add(where + ".id: is longer than " + LONGEST_PIPELINE_ID + " characters");
      }
      unique(seen, "id " + pipeline.id(), where + ".id");
      if (pipeline.retry().maxAttempts().isPresent() && pipeline.retry().delays().isEmpty()) {
        problems.add(
            where
                + ".retry.max-attempts: means nothing without "
                + where
                + ".retry.delays; write for example 1m,10m,1h");
      }
      for (String topic : pipeline.errorTopics().orElse(List.of())) {
        unique(seen, "error topic " + topic, where + ".error-topics");
      }
    }
  }

  private void diagnostics() {
    if (settings.diagnostics().maxSize().compareTo(settings.diagnostics().maxTotal()) > 0) {
      problems.add(
          "diagnostics.max-size: "
              + settings.diagnostics().maxSize()
              + " is more than diagnostics.max-total, "
              + settings.diagnostics().maxTotal()
              + ", so the largest would never fit");
    }
  }

  private void legal(String setting, String topic) {
    if (!TOPIC.matcher(topic).matches()) {
      problems.add(
          setting + ": \"" + topic + "\" is not a topic name; use a-z A-Z 0-9 . _ -, at most 249");
    }
  }

  private void unique(Map<String, String> seen, String what, String where) {
    String first = seen.putIfAbsent(what, where);
    if (first != null) {
      String shown = what.startsWith("hash ") ? "the key" : what;
      problems.add(where + ": " + shown + " is already used by " + first);
    }
  }
}
