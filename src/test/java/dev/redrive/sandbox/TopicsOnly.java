// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.sandbox;

import dev.redrive.cli.SandboxOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** In Redrive's place where a test is about what is around it: makes the topics, does no more. */
final class TopicsOnly implements RedriveStarter {
  final Map<String, String> settings = new ConcurrentHashMap<>();

  /** A sandbox in a process of its own; the argument is its data directory. */
  public static void main(String[] args) {
    Optional<Path> dir = Arrays.stream(args).findFirst().map(Path::of);
    SandboxOptions options = new SandboxOptions(0, 0, dir);
    System.exit(Sandbox.run(options, new TopicsOnly(), System.out, System.err));
  }

  @Override
  public Running start(Map<String, String> given) {
    settings.putAll(given);
    String bootstrap = given.get("kafka.bootstrap.servers");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      for (String topic : new String[] {"redrive-errors", "redrive-retry", "redrive-outcomes"}) {
        if (!admin.listTopics().names().get().contains(topic)) {
          NewTopic one = new NewTopic(topic, Optional.of(1), Optional.empty());
          admin.createTopics(List.of(one)).all().get();
        }
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return new Nothing();
  }

  private record Nothing() implements Running {
    @Override
    public int httpPort() {
      return 8080;
    }

    @Override
    public void close() {
      // Nothing runs.
    }
  }
}
