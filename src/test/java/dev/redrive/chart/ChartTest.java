// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

import static dev.redrive.chart.ValueSets.EVERYTHING;
import static dev.redrive.chart.ValueSets.EXISTING;
import static dev.redrive.chart.ValueSets.HTTPS;
import static dev.redrive.chart.ValueSets.ONE;
import static dev.redrive.chart.ValueSets.THREE;
import static dev.redrive.chart.ValueSets.TLS;
import static dev.redrive.chart.ValueSets.TOKENS;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.LintResult;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
  @TempDir Path dir;

  static Stream<Arguments> valueSets() {
    return Stream.of(
        Arguments.of("one replica", ONE),
        Arguments.of("three replicas", THREE),
        Arguments.of("TLS", TLS),
        Arguments.of("HTTP over TLS", HTTPS),
        Arguments.of("existing secrets", EXISTING),
        Arguments.of("tokens and no keys", TOKENS),
        Arguments.of("everything", EVERYTHING));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valueSets")
  void lintIsContent(String name, String values) throws Exception {
    LintResult lint = Chart.lint(dir, values);

    assertThat(lint.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
  }

  /** Names, since a selector that finds nothing is as valid as one that finds the pods. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("valueSets")
  void everySelectorFindsThePods(String name, String values) throws Exception {
    Rendered chart = Chart.render(dir, values);

    V1StatefulSet set = chart.only(V1StatefulSet.class);
    Map<String, String> pods = set.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(pods).containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
    assertThat(chart.all(V1Service.class))
        .allSatisfy(
            service -> assertThat(pods).containsAllEntriesOf(service.getSpec().getSelector()));
    V1PodDisruptionBudget budget = chart.only(V1PodDisruptionBudget.class);
    assertThat(pods).containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels());
    assertThat(chart.pod().getTopologySpreadConstraints())
        .hasSize(2)
        .allSatisfy(
            spread ->
                assertThat(pods).containsAllEntriesOf(spread.getLabelSelector().getMatchLabels()));
    assertThat(chart.all(V1Service.class))
        .extracting(service -> service.getMetadata().getName())
        .contains(set.getSpec().getServiceName());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valueSets")
  void whatIsMountedAndReferredToIsThere(String name, String values) throws Exception {
    Rendered chart = Chart.render(dir, values);

    V1PodSpec pod = chart.pod();
    List<String> volumes =
        Stream.concat(
                pod.getVolumes().stream().map(volume -> volume.getName()),
                chart.only(V1StatefulSet.class).getSpec().getVolumeClaimTemplates().stream()
                    .map(claim -> claim.getMetadata().getName()))
            .toList();
    assertThat(chart.container().getVolumeMounts())
        .extracting(mount -> mount.getName())
        .allSatisfy(mount -> assertThat(volumes).contains(mount));
    List<String> secrets =
        chart.all(V1Secret.class).stream().map(secret -> secret.getMetadata().getName()).toList();
    List<String> wanted =
        Optional.ofNullable(chart.container().getEnvFrom()).orElse(List.of()).stream()
            .map(from -> from.getSecretRef().getName())
            .toList();
    assertThat(wanted)
        .hasSameElementsAs(
            name.equals("existing secrets") ? List.of("my-keys", "my-kafka") : secrets);
  }

  @Test
  void podsRunAsNobodyOnAReadOnlyFileSystem() throws Exception {
    Rendered chart = Chart.render(dir, ONE);

    V1PodSpec pod = chart.pod();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    assertThat(pod.getEnableServiceLinks()).isFalse();
    assertThat(chart.container().getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(chart.container().getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(chart.container().getSecurityContext().getCapabilities().getDrop())
        .containsExactly("ALL");
  }

  @Test
  void aRestoreOfAnHourIsNotCutShortByAProbe() throws Exception {
    var container = Chart.render(dir, ONE).container();

    // Live while it restores; ready only then.
    assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    assertThat(container.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/health/ready");
    var startup = container.getStartupProbe();
    assertThat(startup.getPeriodSeconds() * startup.getFailureThreshold()).isEqualTo(3600);
  }

  @Test
  void aPodThatStopsServesOnUntilNobodySendsItRequests() throws Exception {
    Rendered chart = Chart.render(dir, ONE);

    assertThat(chart.container().getLifecycle().getPreStop().getExec().getCommand())
        .containsExactly("sleep", "10");
    assertThat(chart.pod().getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(25);
  }

  @Test
  void httpOverTlsIsKnownToProbesPeersAndPrometheus() throws Exception {
    Rendered chart = Chart.render(dir, HTTPS);

    var container = chart.container();
    assertThat(
            List.of(
                container.getStartupProbe(),
                container.getLivenessProbe(),
                container.getReadinessProbe()))
        .allSatisfy(probe -> assertThat(probe.getHttpGet().getScheme()).isEqualTo("HTTPS"));
    assertThat(chart.settings(dir).http().tls().certificate())
        .contains(Path.of("/etc/redrive/tls/tls.crt"));
    assertThat(container.getVolumeMounts())
        .anyMatch(mount -> mount.getMountPath().equals("/etc/redrive/tls"));
    assertThat(chart.environment("letters-redrive-0").get("REDRIVE_PEERS_ADVERTISED"))
        .startsWith("https://letters-redrive-0.letters-redrive-peers.");
    var monitor = chart.named("monitoring.coreos.com/v1 ServiceMonitor", "letters-redrive").tree();
    assertThat(Rendered.map(monitor.get("spec")).get("endpoints").toString())
        .contains("scheme=https", "serverName=letters-redrive.platform.svc");
    assertThat(Chart.render(dir, ONE).container().getLivenessProbe().getHttpGet().getScheme())
        .isEqualTo("HTTP");
  }

  @Test
  void existingSecretsAreUsedAndNoneIsMade() throws Exception {
    assertThat(Chart.render(dir, EXISTING).all(V1Secret.class)).isEmpty();
  }

  @Test
  void oneReplicaTellsNobodyItsAddressAndThreeDo() throws Exception {
    assertThat(Chart.render(dir, ONE).container().getEnv())
        .extracting(V1EnvVar::getName)
        .doesNotContain("REDRIVE_PEERS_ADVERTISED");
    Rendered three = Chart.render(dir, THREE);

    assertThat(three.only(V1StatefulSet.class).getSpec().getReplicas()).isEqualTo(3);
    assertThat(three.environment("letters-redrive-2"))
        .containsEntry(
            "REDRIVE_PEERS_ADVERTISED",
            "http://letters-redrive-2.letters-redrive-peers.platform.svc:8080");
    assertThat(three.environment("letters-redrive-2"))
        .containsEntry("REDRIVE_PEERS_SECRET", "known to all three");
    String grows =
        ONE + "autoscaling: {enabled: true}\npeers: {secret: known to all there will be}";
    assertThat(Chart.render(dir, grows).environment("letters-redrive-1"))
        .containsKey("REDRIVE_PEERS_ADVERTISED");
    V1Service peers = service(three, "letters-redrive-peers");
    assertThat(peers.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(peers.getSpec().getPublishNotReadyAddresses()).isTrue();
  }

  @Test
  void monitoringIsThereWhereItIsWanted() throws Exception {
    Rendered chart = Chart.render(dir, EVERYTHING);

    var monitor = chart.named("monitoring.coreos.com/v1 ServiceMonitor", "letters-redrive").tree();
    Map<String, Object> selector = Rendered.map(Rendered.map(monitor.get("spec")).get("selector"));
    assertThat(service(chart, "letters-redrive").getMetadata().getLabels())
        .containsAllEntriesOf(texts(selector.get("matchLabels")))
        .doesNotContainKey("redrive.dev/peers");
    var rules = chart.named("monitoring.coreos.com/v1 PrometheusRule", "letters-redrive").tree();
    assertThat(Rendered.map(rules.get("spec"))).containsOnlyKeys("groups");
    assertThat(chart.all(V1ConfigMap.class))
        .anySatisfy(map -> assertThat(map.getData()).containsKey("redrive.json"));
  }

  @Test
  void theNetworkPolicyLetsPodsReachEachOther() throws Exception {
    Rendered chart = Chart.render(dir, EVERYTHING);

    var policy = chart.only(V1NetworkPolicy.class).getSpec();
    Map<String, String> pods = policy.getPodSelector().getMatchLabels();
    assertThat(policy.getIngress().get(0).getFrom())
        .anySatisfy(from -> assertThat(from.getPodSelector().getMatchLabels()).isEqualTo(pods))
        .anySatisfy(from -> assertThat(from.getNamespaceSelector()).isNotNull());
    assertThat(policy.getEgress()).hasSize(3);
    assertThat(policy.getPolicyTypes()).containsExactly("Ingress", "Egress");
  }

  /** What others than its users ask for stays inside. */
  @Test
  void theWayInPassesTheApiAndNothingElse() throws Exception {
    V1Ingress ingress = Chart.render(dir, TLS).only(V1Ingress.class);
    Rendered everything = Chart.render(dir, EVERYTHING);
    var route =
        everything.named("gateway.networking.k8s.io/v1 HTTPRoute", "letters-redrive").tree();

    assertThat(ingress.getSpec().getRules().get(0).getHttp().getPaths())
        .extracting(path -> path.getPath())
        .containsExactly("/api", "/v2", "/docs", "/openapi.yaml");
    assertThat(Rendered.map(route.get("spec")).get("rules").toString())
        .contains("value=/api}", "value=/v2}", "name=letters-redrive");
  }

  @Test
  void theAutoscalerIsOffUnlessAskedFor() throws Exception {
    assertThat(Chart.render(dir, ONE).all(V2HorizontalPodAutoscaler.class)).isEmpty();
    assertThat(Chart.render(dir, EVERYTHING).only(V1StatefulSet.class).getSpec().getReplicas())
        .as("else each upgrade would undo what the autoscaler did")
        .isNull();
  }

  @Test
  void aBudgetMayBeAPercentage() throws Exception {
    Rendered chart = Chart.render(dir, ONE + "podDisruptionBudget: {maxUnavailable: 50%}\n");

    assertThat(chart.only(V1PodDisruptionBudget.class).getSpec().getMaxUnavailable())
        .isEqualTo(new IntOrString("50%"));
  }

  private static V1Service service(Rendered chart, String name) {
    return (V1Service) chart.named("v1 Service", name).typed();
  }

  @SuppressWarnings("unchecked") // labels are texts
  private static Map<String, String> texts(Object labels) {
    return (Map<String, String>) labels;
  }
}
