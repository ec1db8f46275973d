// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.topology.topics;

import dev.redrive.config.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** The connection for questions and orders to the cluster. */
public final class AdminAccess {

  /** Longer than the client's own time-outs, which have the better message. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private static final String ADMIN_PREFIX = "admin.";
  private static final List<String> OTHER_PREFIXES =
      List.of("consumer.", "main.consumer.", "restore.consumer.", "global.consumer.", "producer.");

  private AdminAccess() {}

  /** Opens a client; the caller closes it. */
  public static Admin open(Settings settings) {
    return Admin.create(clientSettings(settings));
  }

  /** What under {@code kafka.*} is meant for this client too. */
  public static Map<String, Object> clientSettings(Settings settings) {
    Map<String, Object> client = new HashMap<>();
    settings.kafka().entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith(ADMIN_PREFIX))
        .filter(entry -> OTHER_PREFIXES.stream().noneMatch(entry.getKey()::startsWith))
        .forEach(entry -> client.put(entry.getKey(), entry.getValue()));
    settings.kafka().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(ADMIN_PREFIX))
        .forEach(
            entry -> client.put(entry.getKey().substring(ADMIN_PREFIX.length()), entry.getValue()));
    client.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, settings.applicationId() + "-admin");
    return client;
  }

  /**
   * Waits for an answer.
   *
   * @throws KafkaException what the cluster answered instead, as Kafka's own type
   */
  public static <T> T await(KafkaFuture<T> answer) {
    try {
      return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException refused) {
        throw refused;
      }
      throw new KafkaException("the cluster did not answer", e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException(
          "the cluster did not answer within " + LIMIT.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
