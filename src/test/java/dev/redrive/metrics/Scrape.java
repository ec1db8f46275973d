// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a scrape returned, in Prometheus' text format. */
record Scrape(String text) {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^([a-z_]+)(?:\\{(.*)})? ([-+0-9.eEINaf]+)$");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** One line. */
  record Sample(String name, Map<String, String> labels, double value) {}

  static Scrape of(int port) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    return new Scrape(
        HttpClient.newHttpClient().send(request, BodyHandlers.ofString(UTF_8)).body());
  }

  /** Names of all metrics, as Prometheus' metadata has them. */
  Set<String> names() {
    return TYPE.matcher(text)
        .results()
        .map(type -> type.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Labels that a metric's series have, those of a histogram's buckets left out. */
  Set<String> labels(String metric) {
    return samples().stream()
        .filter(sample -> sample.name().matches(metric + "(_bucket|_count|_sum)?"))
        .flatMap(sample -> sample.labels().keySet().stream())
        .filter(label -> !label.equals("le"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  List<Sample> samples(String name) {
    return samples().stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /** The sum over all series; 0 where there is none. */
  double sum(String name) {
    return samples(name).stream().mapToDouble(Sample::value).sum();
  }

  List<Sample> samples() {
    return SAMPLE.matcher(text).results().map(Scrape::sample).toList();
  }

  private static Sample sample(MatchResult line) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (line.group(2) != null) {
      LABEL.matcher(line.group(2)).results().forEach(at -> labels.put(at.group(1), at.group(2)));
    }
    return new Sample(line.group(1), labels, Double.parseDouble(line.group(3)));
  }
}
