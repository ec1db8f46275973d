// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

package dev.redrive.chart;

import static dev.redrive.chart.ValueSets.ONE;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Helm says of values that are wrong, before anything is installed. */
class ChartRefusalsTest {
  @TempDir Path dir;

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
          autoscaling: {enabled: true}                        | peers.secret or peers.existingSecret is needed
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
          ingress: {paths: [/]}                               | it lets in /internal
          gateway: {paths: [/internal]}                       | it lets in /internal
          ingress: {paths: [api]}                             | paths
          gateway: {enabled: true}                            | gateway.parentRefs is needed
          persistence: {size: big}                            | size
          podDisruptionBudget: {maxUnavailable: one}          | maxUnavailable
          drainSeconds: 50                                    | at least 15 more than drainSeconds
          image: {pullPolicy: Sometimes}                      | pullPolicy
          """)
  void wrongValuesAreRefusedByName(String wrong, String said) {
    assertThatThrownBy(() -> Chart.render(dir, ONE, wrong)).hasMessageContaining(said);
  }
}
