// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words that stand where an id may stand and are none. Without this, {@code GET /api/dlq/bulk}
 * would be told that {@code bulk} is no letter, and not that it wants to be posted to.
 */
final class Literals {
  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]+}");

  private final List<Template> templates;

  Literals(Collection<Route> routes) {
    Map<String, Set<HandlerType>> methods = new TreeMap<>();
    for (Route route : routes) {
      Set<HandlerType> taken = methods.computeIfAbsent(route.path(), path -> new LinkedHashSet<>());
      taken.add(route.method());
      if (route.method().equals(HandlerType.GET)) {
        taken.add(HandlerType.HEAD);
      }
    }
    List<Template> all = new ArrayList<>();
    methods.forEach((path, taken) -> all.add(Template.of(path, taken)));
    all.sort(Comparator.comparingInt(Template::parameters));
    templates = all;
  }

  /** What paths of a template look like. */
  static Pattern pattern(String template) {
    return Pattern.compile(
        PARAMETER
            .splitAsStream(template)
            .map(Pattern::quote)
            .collect(Collectors.joining("[^/]+", "", template.endsWith("}") ? "[^/]+" : "")));
  }

  /**
   * A path with places for ids.
   *
   * @param parameters how many such places
   */
  private record Template(Pattern pattern, int parameters, Set<HandlerType> methods) {
    static Template of(String path, Set<HandlerType> methods) {
      int parameters = PARAMETER.split(path, -1).length - 1;
      return new Template(Literals.pattern(path), parameters, methods);
    }
  }

  /**
   * Refuses a method that the nearest path does not take.
   *
   * @throws Problem 405
   */
  void refuse(Context request) {
    HandlerType method = request.method();
    for (Template template : templates) {
      if (template.pattern.matcher(request.path()).matches()) {
        if (!template.methods.contains(method)) {
          request.header(
              "Allow",
              template.methods.stream().map(HandlerType::name).collect(Collectors.joining(", ")));
          throw Problem.of(
              405, "method_not_allowed", "this path does not take " + request.method().name());
        }
        return;
      }
    }
  }
}
