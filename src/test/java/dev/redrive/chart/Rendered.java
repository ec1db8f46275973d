// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.yaml.snakeyaml.Yaml;

/**
 * Rendered manifests, each read as the type that Kubernetes has for it: a field that is unknown,
 * missing or of the wrong type does not get this far.
 */
record Rendered(List<Manifest> manifests) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Map<String, Reader> TYPES =
      Map.ofEntries(
          Map.entry("apps/v1 StatefulSet", V1StatefulSet::fromJson),
          Map.entry("v1 Service", V1Service::fromJson),
          Map.entry("v1 ConfigMap", V1ConfigMap::fromJson),
          Map.entry("v1 Secret", V1Secret::fromJson),
          Map.entry("v1 ServiceAccount", V1ServiceAccount::fromJson),
          Map.entry("policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::fromJson),
          Map.entry("networking.k8s.io/v1 Ingress", V1Ingress::fromJson),
          Map.entry("networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::fromJson),
          Map.entry("autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::fromJson));

  /** Of other projects, so Kubernetes' own client has no type for them. */
  private static final List<String> CUSTOM =
      List.of(
          "monitoring.coreos.com/v1 ServiceMonitor",
          "monitoring.coreos.com/v1 PrometheusRule",
          "gateway.networking.k8s.io/v1 HTTPRoute");

  private interface Reader {
    Object read(String json) throws IOException;
  }

  /**
   * One manifest.
   *
   * @param typed what Kubernetes reads; the tree itself where it has no type
   */
  record Manifest(String kind, String name, Map<String, Object> tree, Object typed) {}

  static Rendered of(String yaml) throws IOException {
    new JSON();
    List<Manifest> manifests = new ArrayList<>();
    for (Object document : new Yaml().loadAll(yaml)) {
      if (document != null) {
        manifests.add(manifest(map(document)));
      }
    }
    return new Rendered(List.copyOf(manifests));
  }

  List<String> kinds() {
    return manifests.stream().map(Manifest::kind).toList();
  }

  /** The only one of this type. */
  <T> T only(Class<T> type) {
    List<T> found = all(type);
    assertThat(found).as(type.getSimpleName()).hasSize(1);
    return found.get(0);
  }

  <T> List<T> all(Class<T> type) {
    return manifests.stream()
        .map(Manifest::typed)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  Manifest named(String kind, String name) {
    return manifests.stream()
        .filter(manifest -> manifest.kind().equals(kind) && manifest.name().equals(name))
        .findAny()
        .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + kinds()));
  }

  V1PodSpec pod() {
    return only(V1StatefulSet.class).getSpec().getTemplate().getSpec();
  }

  V1Container container() {
    assertThat(pod().getContainers()).hasSize(1);
    return pod().getContainers().get(0);
  }

  /** The container's variables, as it would see them: those of made Secrets too. */
  Map<String, String> environment(String podName) {
    Map<String, String> variables = new HashMap<>();
    for (V1Secret secret : all(V1Secret.class)) {
      variables.putAll(secret.getStringData());
    }
    for (V1EnvVar variable : container().getEnv()) {
      String value =
          Optional.ofNullable(variable.getValue()).orElse(podName).replace("$(POD_NAME)", podName);
      variables.put(variable.getName(), value);
    }
    return variables;
  }

  /** What Redrive makes of the file and of the variables that a pod has. */
  Settings settings(Path dir) throws Exception {
    String yaml =
        all(V1ConfigMap.class).stream()
            .map(each -> each.getData().get("redrive.yaml"))
            .filter(Objects::nonNull)
            .findAny()
            .orElseThrow();
    Path file = Files.writeString(dir.resolve("redrive.yaml"), yaml);
    return SettingsLoader.load(Optional.of(file), environment("letters-redrive-0"), List.of());
  }

  private static Manifest manifest(Map<String, Object> tree) throws IOException {
    String kind = tree.get("apiVersion") + " " + tree.get("kind");
    String name = String.valueOf(map(tree.get("metadata")).get("name"));
    Reader reader = TYPES.get(kind);
    if (reader == null) {
      assertThat(CUSTOM).contains(kind);
      return new Manifest(kind, name, tree, tree);
    }
    return new Manifest(kind, name, tree, reader.read(MAPPER.writeValueAsString(tree)));
  }

  @SuppressWarnings("unchecked") // YAML's keys are texts here
  static Map<String, Object> map(Object yaml) {
    return (Map<String, Object>) yaml;
  }
}
