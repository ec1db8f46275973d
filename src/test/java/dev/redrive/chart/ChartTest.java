// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import dev.redrive.config.JwtSettings;
import dev.redrive.config.KeySettings;
import dev.redrive.config.Role;
import dev.redrive.config.Settings;
import dev.redrive.config.load.SettingsLoader;
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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
  private static final String HASH =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  private static final String ONE =
      """
      image: {repository: registry.example/redrive}
      kafka: {bootstrapServers: 'broker-1:9092,broker-2:9092'}
      auth:
        keys:
          - {name: on-call, sha256: %s, role: operator, pipelines: ['orders', 'a,b']}
      settings:
        topics: {errors: [redrive-errors, more-errors], replication-factor: 3}
        http.max-body: 2MiB
      """
          .formatted(HASH);

  private static final String THREE = ONE + "replicas: 3\npeers: {secret: known to all three}\n";

  private static final String HTTPS =
      THREE + "tls: {secret: http-certificate}\nserviceMonitor: {enabled: true}\n";

  private static final String TLS =
      """
      image: {repository: registry.example/redrive, digest: 'sha256:%s'}
      kafka:
        bootstrapServers: broker:9093
        securityProtocol: SASL_SSL
        saslMechanism: SCRAM-SHA-512
        credentials:
          sasl.jaas.config: 'org.example.Login required username="redrive" password="s3cret";'
          ssl.keystore.password: changeit
        tls:
          secret: kafka-certificates
          keystore: {file: user.p12, type: PKCS12}
      auth: {keys: [{name: on-call, sha256: %s}]}
      ingress: {enabled: true, host: redrive.example, tlsSecret: redrive-tls, className: nginx}
      """
          .formatted("0".repeat(64), HASH);

  private static final String EXISTING =
      """
      image: {repository: registry.example/redrive, tag: '1.2'}
      kafka:
        bootstrapServers: broker:9092
        securityProtocol: SASL_PLAINTEXT
        saslMechanism: PLAIN
        existingSecret: my-kafka
      auth: {existingSecret: my-keys}
      """;

  private static final String TOKENS =
      """
      image: {repository: registry.example/redrive}
      kafka: {bootstrapServers: 'broker:9092'}
      auth:
        rate-limit: 1000000
        jwt:
          jwks: https://id.example/certs
          issuer: https://id.example/realms/acme
          audience: redrive
          role-claim: realm_access.roles
          roles: {dlq-operators: operator}
          pipelines-claim: pipelines
          cache: 5m
      settings:
        callbacks: {allowed-hosts: [hooks.example]}
        diagnostics: {heap-dumps: true, max-size: 1GiB, max-total: 2GiB}
      """;

  private static final String EVERYTHING =
      """
      image: {repository: registry.example/redrive}
      imagePullSecrets: [{name: registry}]
      replicas: 2
      peers: {secret: known to both pods}
      kafka: {bootstrapServers: 'broker:9092'}
      auth: {keys: [{name: on-call, sha256: %s, role: admin}]}
      javaOpts: -Xlog:gc
      extraEnv: [{name: TZ, value: UTC}]
      extraVolumes: [{name: more, emptyDir: {}}]
      extraVolumeMounts: [{name: more, mountPath: /more}]
      persistence: {storageClass: fast, size: 50Gi, whenScaled: Delete}
      podAnnotations: {team: platform}
      podLabels: {tier: ops}
      nodeSelector: {disk: ssd}
      tolerations: [{key: kafka, operator: Exists}]
      affinity: {podAntiAffinity: {}}
      priorityClassName: high
      serviceAccount: {annotations: {role: none}}
      service: {type: NodePort, annotations: {a: b}}
      autoscaling: {enabled: true}
      gateway: {enabled: true, parentRefs: [{name: public}], hostnames: [redrive.example]}
      networkPolicy:
        enabled: true
        from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
        egress: [{to: [{podSelector: {matchLabels: {app: kafka}}}], ports: [{port: 9092}]}]
      serviceMonitor: {enabled: true, labels: {release: prometheus}}
      prometheusRule: {enabled: true}
      dashboard: {enabled: true}
      """
          .formatted(HASH);

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
  void oneReplicaStartsWithTheSettingsThatTheChartGives() throws Exception {
    Settings settings = settings(Chart.render(dir, ONE));

    assertThat(settings.kafka())
        .containsEntry("bootstrap.servers", "broker-1:9092,broker-2:9092")
        .containsEntry("security.protocol", "PLAINTEXT");
    assertThat(settings.topics().replicationFactor()).isEqualTo(3);
    assertThat(settings.http().maxBody()).hasToString("2MiB");
    assertThat(settings.stateDir()).isEqualTo(Path.of("/var/lib/redrive"));
    assertThat(settings.auth().keys()).hasSize(1);
    assertThat(settings.auth().keys().get(0).pipelines().orElseThrow())
        .containsExactly("orders", "a,b");
  }

  @Test
  void tokensAndDiagnosticsReachTheSettingsAndNeedNoKey() throws Exception {
    Rendered chart = Chart.render(dir, TOKENS);

    Settings settings = settings(chart);
    assertThat(settings.auth().keys()).isEmpty();
    assertThat(settings.auth().rateLimit()).contains(1_000_000);
    JwtSettings tokens = settings.auth().jwt();
    assertThat(tokens.jwks()).contains(URI.create("https://id.example/certs"));
    assertThat(tokens.audience()).contains("redrive");
    assertThat(tokens.roles()).containsEntry("dlq-operators", Role.OPERATOR);
    assertThat(tokens.cache()).hasMinutes(5);
    assertThat(settings.diagnostics().heapDumps()).isTrue();
    assertThat(settings.callbacks().allowedHosts()).isPresent();
    assertThat(chart.all(V1Secret.class)).isEmpty();
  }

  @Test
  void aKeyHasWhatTheSettingsHaveForIt() throws Exception {
    String more = "auth: {keys: [{name: bot, sha256: %s, reveal: true, rate-limit: 1000000}]}\n";

    KeySettings key = settings(Chart.render(dir, ONE, more.formatted(HASH))).auth().keys().get(0);

    assertThat(key.reveal()).contains(true);
    assertThat(key.rateLimit()).contains(1_000_000);
  }

  @Test
  void theExamplesOfTheReadmeStartRedrive() throws Exception {
    List<String> examples =
        Pattern.compile("(?ms)^```yaml$(.*?)^```$")
            .matcher(Files.readString(Chart.FOLDER.resolve("README.md")))
            .results()
            .map(block -> block.group(1))
            .toList();
    assertThat(examples).hasSizeGreaterThan(2);
    for (String example : examples) {
      assertThat(settings(Chart.render(dir, ONE, example)).kafka())
          .containsKey("bootstrap.servers");
    }
  }

  @Test
  void podsRestartWhenWhatTheyReadAtTheStartChanges() throws Exception {
    String before = settingsSum(Chart.render(dir, TOKENS));

    assertThat(settingsSum(Chart.render(dir, TOKENS))).isEqualTo(before);
    assertThat(settingsSum(Chart.render(dir, TOKENS, "auth: {jwt: {audience: desk}}")))
        .isNotEqualTo(before);
    assertThat(settingsSum(Chart.render(dir, TOKENS, "settings: {callbacks: {timeout: 1s}}")))
        .isNotEqualTo(before);
  }

  @Test
  void tlsAndSaslReachTheKafkaClientsAndSecretsStayInSecrets() throws Exception {
    Rendered chart = Chart.render(dir, TLS);

    assertThat(settings(chart).kafka())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
        .containsEntry("ssl.truststore.location", "/etc/redrive/kafka-tls/ca.crt")
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.keystore.location", "/etc/redrive/kafka-tls/user.p12")
        .containsEntry("ssl.keystore.password", "changeit")
        .hasEntrySatisfying("sasl.jaas.config", jaas -> assertThat(jaas).contains("s3cret"));
    assertThat(chart.container().getImage()).startsWith("registry.example/redrive@sha256:");
    chart.manifests().stream()
        .filter(manifest -> !manifest.kind().equals("v1 Secret"))
        .forEach(
            manifest ->
                assertThat(manifest.tree().toString()).doesNotContain("s3cret", "changeit", HASH));
    V1Ingress ingress = chart.only(V1Ingress.class);
    assertThat(ingress.getSpec().getTls().get(0).getSecretName()).isEqualTo("redrive-tls");
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
    assertThat(settings(chart).http().tls().certificate())
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

  /** Each is refused before anything is installed, with words that name the value. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          image: {repository: ''}                             | image.repository is needed
          kafka: {bootstrapServers: ''}                       | kafka.bootstrapServers is needed
          auth: {keys: []}                                    | auth.keys, auth.existingSecret or auth.jwt.jwks is needed
          auth: {existingSecret: mine}                        | both set; keep one
          auth: {keys: [{name: a, sha256: secret}]}           | sha256
          auth: {keys: [{name: a}]}                           | sha256
          auth: {keys: [{name: a, sha256: x, role: root}]}    | role
          auth: {keys: [{name: a, sha256: x, reveal: 1}]}     | reveal
          auth: {jwt: {jwks: 'https://id.example/certs'}}     | auth.jwt needs jwks, issuer and audience
          auth: {jwt: {audience: redrive}}                    | auth.jwt needs jwks, issuer and audience
          auth: {jwt: {jwks: id.example}}                     | jwks
          auth: {jwt: {secret: x}}                            | secret
          auth: {jwt: {roles: {admins: root}}}                | roles
          auth: {jwt: {cache: often}}                         | cache
          auth: {rate-limit: 0}                               | rate-limit
          replicas: three                                     | replicas
          replicas: 0                                         | replicas
          replica: 3                                          | replica
          replicas: 2                                         | peers.secret or peers.existingSecret is needed
          peers: {secret: short}                              | secret
          settings: {peers.secret: x}                         | settings.peers.secret
          settings: {peers: {secret: x}}                      | settings.peers.secret
          kafka: {securityProtocol: TLS}                      | securityProtocol
          kafka: {bootstrapServers: broker-1}                 | bootstrapServers
          kafka: {securityProtocol: SASL_SSL}                 | kafka.saslMechanism is needed
          kafka: {tls: {secret: certificates}}                | make it SSL or SASL_SSL
          kafka: {credentials: {Sasl_Jaas: x}}                | credentials
          settings: {kafka: {sasl.jaas.config: x}}            | settings.kafka.sasl.jaas.config would lie in a ConfigMap
          settings: {kafka.ssl.key.password: x}               | settings.kafka.ssl.key.password would lie
          settings: {kafka: {ssl: {keystore.key: x}}}         | settings.kafka.ssl.keystore.key would lie
          settings: {registry: {url: 'http://r', password: x}} | REDRIVE_REGISTRY_PASSWORD
          settings: {auth: {keys: []}}                        | settings.auth.keys has its place in auth
          settings: {auth.rate-limit: 5}                      | settings.auth.rate-limit has its place in auth
          settings: {auth: {}}                                | settings.auth has its place in auth
          settings: {http: {port: 9090}}                      | settings.http.port is the chart's
          settings: {state-dir: /data}                        | settings.state-dir is the chart's
          settings: {http: {open: false}}                     | probes have no key
          settings: {http.open: false}                        | probes have no key
          settings: {http: {tls: {certificate: /a}}}          | set tls.secret
          settings: {http.tls.certificate: /a}                | set tls.secret
          tls: {secret: Not A Name}                           | secret
          ingress: {enabled: true}                            | ingress.host is needed
          gateway: {enabled: true}                            | gateway.parentRefs is needed
          persistence: {size: big}                            | size
          podDisruptionBudget: {maxUnavailable: one}          | maxUnavailable
          drainSeconds: 50                                    | at least 15 more than drainSeconds
          image: {pullPolicy: Sometimes}                      | pullPolicy
          """)
  void wrongValuesAreRefusedByName(String wrong, String said) {
    assertThatThrownBy(() -> Chart.render(dir, ONE, wrong)).hasMessageContaining(said);
  }

  private Settings settings(Rendered chart) throws Exception {
    V1ConfigMap map =
        chart.all(V1ConfigMap.class).stream()
            .filter(each -> each.getData().containsKey("redrive.yaml"))
            .findAny()
            .orElseThrow();
    Path file = Files.writeString(dir.resolve("redrive.yaml"), map.getData().get("redrive.yaml"));
    return SettingsLoader.load(
        Optional.of(file), chart.environment("letters-redrive-0"), List.of());
  }

  private static String settingsSum(Rendered chart) {
    return chart
        .only(V1StatefulSet.class)
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getAnnotations()
        .get("checksum/settings");
  }

  private static V1Service service(Rendered chart, String name) {
    return (V1Service) chart.named("v1 Service", name).typed();
  }

  @SuppressWarnings("unchecked") // labels are texts
  private static Map<String, String> texts(Object labels) {
    return (Map<String, String>) labels;
  }
}
