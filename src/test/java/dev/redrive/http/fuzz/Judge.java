// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.http.Contract;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Says what is wrong with an answer. */
final class Judge {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What may meet any request before an operation is looked for. */
  private static final Set<Integer> OF_THE_PROTOCOL = Set.of(400, 405, 408, 413, 414, 417, 431);

  /** A nought, or an escape that is none: nothing reads such a path. */
  private static final Pattern NO_PATH = Pattern.compile("%00|%(?![0-9a-fA-F]{2})");

  private final Contract contract;
  private final Harvest harvest;

  Judge(Contract contract, Harvest harvest) {
    this.contract = contract;
    this.harvest = harvest;
  }

  /** Empty: nothing is. */
  Optional<String> wrong(Question question, Reply reply) {
    if (reply.status() >= 500) {
      return Optional.of("answers " + reply.status() + ": " + start(reply.body()));
    }
    if (question.method().equals("HEAD")) {
      return reply.body().isEmpty() ? Optional.empty() : Optional.of("HEAD has a body");
    }
    Optional<String> head = inHead(reply);
    if (head.isPresent()) {
      return head;
    }
    if (question.restricted() && reply.body().contains(FuzzRig.SECRET_OF_B)) {
      return Optional.of("shows a key of pipeline a what is of b: " + start(reply.body()));
    }
    try {
      check(question, reply);
      learn(reply);
      return Optional.empty();
    } catch (AssertionError e) {
      return Optional.of(start(String.valueOf(e.getMessage())));
    } catch (JsonProcessingException e) {
      return Optional.of("is no JSON: " + start(reply.body()));
    }
  }

  private void check(Question question, Reply reply) {
    String type = reply.header("content-type");
    String path = question.path();
    if (unreadable(question, reply.status())) {
      contract.checkError("/api", reply.status(), type, reply.body());
    } else if (contract.describes(question.method(), path, reply.status())) {
      contract.check(question.method(), path, reply.status(), type, reply.body());
    } else if (OF_THE_PROTOCOL.contains(reply.status())
        || !contract.describes(question.method(), path)) {
      contract.checkError(path, reply.status(), type, reply.body());
    } else {
      throw new AssertionError(
          "the status " + reply.status() + " is not declared: " + reply.body());
    }
  }

  /** The server can't tell whose family it is: it has not read the path, or not to its end. */
  private static boolean unreadable(Question question, int status) {
    return (status == 400 && NO_PATH.matcher(question.path()).find())
        || status == 414
        || status == 431;
  }

  private static Optional<String> inHead(Reply reply) {
    if (reply.status() == 401 && !reply.header("www-authenticate").equals("Bearer")) {
      return Optional.of("401 without WWW-Authenticate");
    }
    if (reply.status() == 405 && reply.header("allow").isEmpty()) {
      return Optional.of("405 without Allow");
    }
    if (reply.headers().containsKey("x-injected")) {
      return Optional.of("a header was injected");
    }
    if (!reply.header("server").isEmpty()) {
      return Optional.of("the answer tells of its server");
    }
    return Optional.empty();
  }

  private void learn(Reply reply) throws JsonProcessingException {
    if (reply.header("content-type").toLowerCase(Locale.ROOT).startsWith("application/json")) {
      JsonNode json = JSON.readTree(reply.body());
      harvest.add(json);
    }
  }

  private static String start(String text) {
    return text.length() <= 800 ? text : text.substring(0, 800) + "…";
  }
}
